//! The machines Spaces can run on. Names are the Hub's; prices are made up, in its size.

use serde_json::{Value, json};

use crate::error::Refusal;

struct Machine {
    name: &'static str,
    pretty_name: &'static str,
    cpu: &'static str,
    ram: &'static str,
    /// Model, how many, and the memory of all of them.
    accelerator: Option<(&'static str, u32, &'static str)>,
    /// For a minute, in millionths of a US dollar.
    price: u64,
}

const MACHINES: [Machine; 6] = [
    Machine {
        name: "cpu-basic",
        pretty_name: "CPU Basic",
        cpu: "2 vCPU",
        ram: "16 GB",
        accelerator: None,
        price: 0,
    },
    Machine {
        name: "cpu-upgrade",
        pretty_name: "CPU Upgrade",
        cpu: "8 vCPU",
        ram: "32 GB",
        accelerator: None,
        price: 500,
    },
    Machine {
        name: "t4-small",
        pretty_name: "Nvidia T4 - small",
        cpu: "4 vCPU",
        ram: "15 GB",
        accelerator: Some(("T4", 1, "16 GB")),
        price: 6_667,
    },
    Machine {
        name: "l4x1",
        pretty_name: "1x Nvidia L4",
        cpu: "8 vCPU",
        ram: "30 GB",
        accelerator: Some(("L4", 1, "24 GB")),
        price: 13_333,
    },
    Machine {
        name: "a10g-largex2",
        pretty_name: "2x Nvidia A10G - large",
        cpu: "24 vCPU",
        ram: "92 GB",
        accelerator: Some(("A10G", 2, "48 GB")),
        price: 50_000,
    },
    Machine {
        name: "a100-large",
        pretty_name: "Nvidia A100 - large",
        cpu: "12 vCPU",
        ram: "142 GB",
        accelerator: Some(("A100", 1, "80 GB")),
        price: 41_667,
    },
];

/// All of them, as the Hub lists them.
pub(crate) fn catalogue() -> Value {
    MACHINES.iter().map(shown).collect()
}

pub(crate) fn check_name(name: &str) -> Result<(), Refusal> {
    match MACHINES.iter().any(|machine| machine.name == name) {
        true => Ok(()),
        false => Err(Refusal::BadRequest(format!(
            "Invalid hardware flavor: {name}"
        ))),
    }
}

fn shown(machine: &Machine) -> Value {
    let accelerator = machine.accelerator.map(|(model, quantity, vram)| {
        json!({
            "type": "gpu",
            "model": model,
            "quantity": quantity.to_string(),
            "vram": vram,
            "manufacturer": "Nvidia",
        })
    });
    json!({
        "name": machine.name,
        "prettyName": machine.pretty_name,
        "cpu": machine.cpu,
        "ram": machine.ram,
        "accelerator": accelerator,
        "unitCostMicroUSD": machine.price,
        "unitCostUSD": machine.price as f64 / 1e6,
        "unitLabel": "minute",
    })
}

use super::Variant;

/// What runs a model needs besides its weights, in parts of them: context, buffers.
const OVERHEAD: u64 = 10;
/// And at least this much, with the program itself: 512 MiB.
const LEAST_OVERHEAD: u64 = 512 << 20;

/// What is known of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// Memory there is, used or not, in bytes. Of the graphics card, if models run there.
    pub memory_bytes: u64,
    /// Bytes free on the volume the files would go to.
    pub disk_free_bytes: u64,
}

/// Whether a [`Variant`] is worth a try on a [`Machine`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fits {
    /// It takes at most three quarters of the memory.
    Yes,
    /// It takes nearly all: other programs will be in the way.
    Tight,
    /// It takes more memory than there is.
    No,
    /// There is no room to download it.
    NotOnDisk,
}

impl Variant {
    /// Whether it fits `machine`, of which `bytes_here` of its bytes are already on disk.
    ///
    /// The rule: it takes its weights, and a tenth of them or 512 MiB, whichever is more. It is a
    /// rule of thumb: a long context takes more.
    pub fn fits(&self, machine: &Machine, bytes_here: u64) -> Fits {
        if self.bytes.saturating_sub(bytes_here) > machine.disk_free_bytes {
            return Fits::NotOnDisk;
        }
        let overhead = (self.weight_bytes / OVERHEAD).max(LEAST_OVERHEAD);
        let need = self.weight_bytes.saturating_add(overhead);
        if need > machine.memory_bytes {
            Fits::No
        } else if need > machine.memory_bytes / 4 * 3 {
            Fits::Tight
        } else {
            Fits::Yes
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Format;

    const GIB: u64 = 1 << 30;

    fn variant(bytes: u64) -> Variant {
        Variant {
            id: "gguf:x".to_owned(),
            format: Format::Gguf,
            name: "x".to_owned(),
            files: vec![],
            companions: vec![],
            weight_bytes: bytes,
            bytes,
        }
    }

    #[test]
    fn the_rule_at_its_edges() {
        let machine = Machine {
            memory_bytes: 16 * GIB,
            disk_free_bytes: 20 * GIB,
        };
        for (bytes, here, fits) in [
            (4 * GIB, 0, Fits::Yes),
            (10 * GIB, 0, Fits::Yes),
            (11 * GIB, 0, Fits::Tight),
            (14 * GIB, 0, Fits::Tight),
            (15 * GIB, 0, Fits::No),
            (21 * GIB, 0, Fits::NotOnDisk),
            (21 * GIB, 2 * GIB, Fits::No),
            (0, 0, Fits::Yes),
            (u64::MAX, u64::MAX, Fits::No),
        ] {
            assert_eq!(variant(bytes).fits(&machine, here), fits, "{bytes} {here}");
        }
    }
}

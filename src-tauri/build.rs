//! Lists the commands the window may call, so that `capabilities/` can name them one by one.

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&["rpc", "subscribe"]);
    let attributes = tauri_build::Attributes::new().app_manifest(commands);
    tauri_build::try_build(attributes)
        .expect("tauri.conf.json, capabilities and icons are in order");
}

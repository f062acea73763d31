//! Which permission a refused request needs.

/// The permission of a fine-grained token that a request of `method` to `url` needed, as the Hub's token page names
/// it. Which calls need which is partly what others have found out (unverified), so it is a hint.
pub(super) fn needed(method: &str, url: &str) -> &'static str {
    let is_change = method != "GET" && method != "HEAD";
    let has = |part: &str| url.contains(part);
    match is_change {
        true if has("/api/settings/webhooks") => "user.webhooks.write",
        false if has("/api/settings/webhooks") => "user.webhooks.read",
        true if has("/api/notifications") => "user.notifications.write",
        false if has("/api/notifications") => "user.notifications.read",
        true if has("/discussions") => "discussion.write",
        true if has("/api/collections") => "collection.write",
        false if has("/api/collections") => "collection.read",
        false if has("/user-access-request") => "repo.access.read",
        true => "repo.write",
        false => "repo.content.read",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_permission_follows_from_what_was_asked() {
        for (method, path, expected) in [
            ("GET", "models/org/m/revision/main", "repo.content.read"),
            ("POST", "models/org/m/commit/main", "repo.write"),
            (
                "POST",
                "models/org/m/discussions/1/comment",
                "discussion.write",
            ),
            ("GET", "models/org/m/discussions", "repo.content.read"),
            ("PATCH", "collections/mira/c", "collection.write"),
            (
                "GET",
                "models/org/m/user-access-request/pending",
                "repo.access.read",
            ),
        ] {
            let url = format!("https://huggingface.co/api/{path}");
            assert_eq!(needed(method, &url), expected, "{method} {path}");
        }
    }
}

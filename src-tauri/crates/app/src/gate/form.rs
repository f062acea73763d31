//! What a gate wants filled in, as the window shows it.

use hubdesk_hub::{FieldKind, GateField as Asked};

use super::plain::{cut, plain};
use crate::api::{GateField, GateFieldKind};

/// The longest name of a field or an option, in characters. Some fields are a whole promise.
const LONGEST: usize = 500;
/// The most options that are shown: there are fewer countries.
const MOST_OPTIONS: usize = 300;

/// The field as the window shows it; `None` if nothing is left of its name.
pub(super) fn field(asked: &Asked) -> Option<GateField> {
    let options: &[String] = match &asked.kind {
        FieldKind::Select(options) => options,
        _ => &[],
    };
    let shown = options.iter().take(MOST_OPTIONS);
    Some(GateField {
        label: line(&asked.label)?,
        kind: kind(&asked.kind),
        options: shown.filter_map(|option| line(option)).collect(),
    })
}

fn line(text: &str) -> Option<String> {
    plain(text).map(|text| cut(&text, LONGEST))
}

fn kind(kind: &FieldKind) -> GateFieldKind {
    match kind {
        FieldKind::Text => GateFieldKind::Text,
        FieldKind::Checkbox => GateFieldKind::Checkbox,
        FieldKind::Date => GateFieldKind::Date,
        FieldKind::Country => GateFieldKind::Country,
        FieldKind::IpLocation => GateFieldKind::IpLocation,
        FieldKind::Select(_) => GateFieldKind::Select,
        FieldKind::Other(_) => GateFieldKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_plain_text_of_a_length_that_can_be_shown() {
        let asked = |label: &str, kind| Asked {
            label: label.to_owned(),
            kind,
        };
        let options = (0..1000).map(|n| format!("<i>{n}</i>")).collect();
        let shown = field(&asked("<b>Where</b>\nfrom", FieldKind::Select(options))).unwrap();
        assert_eq!(shown.label, "Where from");
        assert_eq!(shown.kind, GateFieldKind::Select);
        assert_eq!(shown.options.len(), MOST_OPTIONS);
        assert_eq!(shown.options[1], "1");
        let new = FieldKind::Other("signature".to_owned());
        let shown = field(&asked(&"x".repeat(9000), new)).unwrap();
        assert_eq!(shown.label.chars().count(), LONGEST);
        assert_eq!(shown.kind, GateFieldKind::Other);
        assert_eq!(field(&asked("<br/>", FieldKind::Text)), None);
    }
}

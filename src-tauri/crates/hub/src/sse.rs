//! Server-sent events, as far as the Hub uses them: every line `data: …` is an event of its own.

/// The longest line that is kept, in bytes. A longer one could not be read by anybody.
const LONGEST_LINE: usize = 1 << 20;

/// Makes events of bytes, however they are cut into pieces. Comments, fields but `data`, and events
/// without content, which keep the connection alive, are left out. A line that does not end is not
/// one.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    line: Vec<u8>,
    is_overlong: bool,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum SseEvent {
    /// What it carries; bytes that are not UTF-8 are replaced.
    Data(String),
    /// It was longer than any line may be, and is lost.
    Overlong,
}

impl Decoder {
    /// The events that end within `bytes`, in order.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Vec<SseEvent> {
        let mut events = Vec::new();
        // CR, LF and CRLF end a line. Of CRLF, the LF ends an empty one, which means nothing here.
        for piece in bytes.split_inclusive(|byte| matches!(byte, b'\r' | b'\n')) {
            let is_end = matches!(piece.last(), Some(b'\r' | b'\n'));
            let text = &piece[..piece.len() - usize::from(is_end)];
            let room = LONGEST_LINE - self.line.len();
            self.is_overlong |= text.len() > room;
            self.line.extend_from_slice(&text[..text.len().min(room)]);
            if is_end {
                events.extend(self.end_line());
            }
        }
        events
    }

    fn end_line(&mut self) -> Option<SseEvent> {
        let line = std::mem::take(&mut self.line);
        let is_overlong = std::mem::take(&mut self.is_overlong);
        let data = line.strip_prefix(b"data:")?;
        let data = data.strip_prefix(b" ").unwrap_or(data);
        match data {
            [] => None,
            _ if is_overlong => Some(SseEvent::Overlong),
            data => Some(SseEvent::Data(String::from_utf8_lossy(data).into_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(bytes: &[u8]) -> Vec<SseEvent> {
        Decoder::default().push(bytes)
    }

    fn data(text: &str) -> SseEvent {
        SseEvent::Data(text.to_owned())
    }

    #[test]
    fn only_lines_with_data_are_events() {
        let text =
            ": hello\nevent: log\nid: 7\ndata: a\n\ndata:\n\ndata:b\r\ndata:  c\rdata: no end";
        assert_eq!(whole(text.as_bytes()), [data("a"), data("b"), data(" c")]);
        assert_eq!(whole(b"data: \xff\n"), [data("\u{fffd}")]);
    }

    #[test]
    fn an_overlong_line_is_named_and_the_next_one_is_read() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.push(b"data: "), []);
        for _ in 0..3 {
            assert_eq!(decoder.push(&vec![b'x'; LONGEST_LINE / 2]), []);
        }
        assert_eq!(decoder.line.len(), LONGEST_LINE);
        assert_eq!(
            decoder.push(b"\ndata: a\n"),
            [SseEvent::Overlong, data("a")]
        );
    }

    proptest! {
        #[test]
        fn however_the_bytes_are_cut_the_events_are_the_same(
            lines in prop::collection::vec("(data:|data: |:|event: |)[a-z{}\":é ]{0,12}(\n|\r|\r\n)", 0..12),
            cuts in prop::collection::vec(0usize..200, 0..8),
        ) {
            let bytes = lines.concat().into_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.sort_unstable();
            let mut decoder = Decoder::default();
            let (mut events, mut at) = (Vec::new(), 0);
            for cut in cuts.into_iter().chain([bytes.len()]) {
                events.extend(decoder.push(&bytes[at..cut]));
                at = cut;
            }
            prop_assert_eq!(events, whole(&bytes));
        }

        #[test]
        fn no_bytes_are_too_odd_to_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            whole(&bytes);
        }
    }
}

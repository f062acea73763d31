use std::time::Duration;

/// How long a number of connections is tried. Long enough for a new one to get going over a line
/// across an ocean; on a fast one the first second decides.
pub(crate) const TRIAL: Duration = Duration::from_millis(300);

/// So much faster more connections must make it to be worth trying still more.
const GAIN: f64 = 1.1;

/// How many connections one file gets: more, as long as more bring more.
///
/// Where every connection is slowed down by itself, as over a long line or by a server that shares
/// fairly, many together carry what the line can. Where they share one limit, the next ones bring
/// nothing and no further ones are opened.
#[derive(Debug)]
pub(crate) struct Width {
    open: usize,
    most: usize,
    /// Bytes in the trial before, once there was one.
    before: Option<u64>,
}

impl Width {
    /// Begins with `open` connections; there are never more than `most`.
    pub(crate) fn new(open: usize, most: usize) -> Self {
        Self {
            open,
            most,
            before: None,
        }
    }

    /// Whether another trial may change anything.
    pub(crate) fn is_settled(&self) -> bool {
        self.open >= self.most
    }

    /// A trial is over in which `bytes` arrived; says how many connections to open now. Where none
    /// did, nothing is known.
    pub(crate) fn judge(&mut self, bytes: u64) -> usize {
        if bytes == 0 {
            return 0;
        }
        let before = self.before.replace(bytes);
        let is_worth_it = before.is_none_or(|before| bytes as f64 >= before as f64 * GAIN);
        if !is_worth_it {
            self.most = self.open;
            return 0;
        }
        let more = (self.open / 2).max(1).min(self.most - self.open);
        self.open += more;
        more
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The connections that a line ends with which carries `total` bytes in a trial, and `each` of
    /// them by itself.
    fn widest(total: u64, each: u64) -> usize {
        let mut width = Width::new(4, 12);
        while !width.is_settled() {
            let bytes = total.min(each * width.open as u64);
            width.judge(bytes);
        }
        width.open
    }

    #[test]
    fn connections_are_added_while_they_bring_more() {
        assert_eq!(widest(u64::MAX, 50), 12, "each has its own limit");
        assert_eq!(widest(300, 50), 9, "they share one that six reach");
    }

    #[test]
    fn a_line_that_few_fill_gets_no_crowd() {
        assert_eq!(widest(100, 100), 6, "the first trial of more is the last");
    }

    #[test]
    fn nothing_arriving_decides_nothing() {
        let mut width = Width::new(4, 12);
        assert_eq!((width.judge(0), width.is_settled()), (0, false));
        assert_eq!(width.judge(100), 2);
        assert_eq!((width.judge(0), width.is_settled()), (0, false));
    }
}

use super::Reason;
use super::entry::Part;

pub(super) fn read(_bytes: &[u8]) -> Result<Vec<Part>, Reason> {
    Err(Reason::Unsupported("feed"))
}

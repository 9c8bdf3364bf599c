use super::Reason;
use super::entry::Converted;

pub(super) fn read(_bytes: &[u8]) -> Result<Converted, Reason> {
    Err(Reason::Unsupported("odt"))
}

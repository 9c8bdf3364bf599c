//! A release as text: the decoded source, its normalised form, and the map between the two.
//!
//! Every later stage reads the normalised text and speaks in [`Span`]s of it; only what leaves the
//! program is translated back, to Unicode code points of the source.

mod date;
mod document;
mod fold;
mod normalise;
mod span;

pub use date::{PartialDate, month_number, weekday};
pub use document::Document;
pub use fold::fold;
pub(crate) use fold::lower;
pub use span::Span;

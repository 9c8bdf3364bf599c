//! Extractions in the forms that people and programs read.

mod html;
mod json;
mod table;

pub use html::HtmlPage;
pub use json::{names_to_json, to_json, write_json};
pub use table::{table, to_tables};

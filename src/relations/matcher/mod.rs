//! Reads the units of a release once and runs, at each, the programs anchored there.

mod clause;
mod run;
mod seen;
mod units;

pub use run::{Capture, Found, Machine};
pub use units::{Source, Unit, Units};

//! The one integration binary.

#[path = "cases/segment.rs"]
mod segment;

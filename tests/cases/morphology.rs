//! morphology

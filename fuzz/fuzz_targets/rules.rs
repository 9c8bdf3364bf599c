//! The rule compiler: any text gives rules or an error with its line, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pressgraph::relations::language::RuleSet;

fuzz_target!(|text: &str| {
    let lexicons = [("titles", "directeur\nprésident\n")];
    if let Err(error) = RuleSet::from_texts(&lexicons, &[("fuzz.rules", text)]) {
        assert!(!error.to_string().is_empty());
    }
});

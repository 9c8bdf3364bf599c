//! Reads one pattern.

use super::RuleError;
use super::ast::{Node, WrittenTest};
use super::error::Place;

/// Reads `text` as a pattern; errors are at `place`.
pub(super) fn parse(text: &str, place: &Place) -> Result<Node, RuleError> {
    let mut reader = Reader { rest: text, place };
    let node = reader.alternatives()?;
    reader.space();
    if reader.rest.is_empty() {
        Ok(node)
    } else {
        Err(place.syntax(format!("`{}` closes nothing or does not belong here", reader.rest)))
    }
}

struct Reader<'a> {
    rest: &'a str,
    place: &'a Place,
}

impl<'a> Reader<'a> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) -> Result<(), RuleError> {
        self.space();
        if self.take(token) {
            Ok(())
        } else {
            Err(self.place.syntax(format!("`{token}` is missing before `{}`", self.rest)))
        }
    }

    /// Characters up to the first that is not `inside`.
    fn run(&mut self, inside: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !inside(c)).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at(end);
        self.rest = rest;
        run
    }

    fn name(&mut self) -> Result<&'a str, RuleError> {
        let name = self.run(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        if name.is_empty() {
            Err(self.place.syntax(format!("a name is missing before `{}`", self.rest)))
        } else {
            Ok(name)
        }
    }

    fn alternatives(&mut self) -> Result<Node, RuleError> {
        let mut all = vec![self.sequence()?];
        loop {
            self.space();
            if !self.take("|") {
                break;
            }
            all.push(self.sequence()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Node::Alternatives(all) })
    }

    fn sequence(&mut self) -> Result<Node, RuleError> {
        let mut all = Vec::new();
        loop {
            self.space();
            match self.rest.chars().next() {
                None | Some('|' | ')' | '}' | ']' | ',') => break,
                Some(_) => {
                    let element = self.element()?;
                    all.push(self.repeated(element)?);
                }
            }
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Node::Sequence(all) })
    }

    fn element(&mut self) -> Result<Node, RuleError> {
        if self.take("..") {
            let number = self.run(|c| c.is_ascii_digit());
            let max = number.parse().map_err(|_| self.place.syntax("`..` wants a number, such as `..8`"))?;
            let gap = Box::new(Node::Macro("gap".into(), Vec::new()));
            return Ok(Node::Repeat { node: gap, min: 0, max: Some(max), greedy: false });
        }
        for (sign, ahead, negative) in
            [("(?=", true, false), ("(?!", true, true), ("(?<=", false, false), ("(?<!", false, true)]
        {
            if self.take(sign) {
                let node = Box::new(self.alternatives()?);
                self.expect(")")?;
                return Ok(Node::Look { ahead, negative, node });
            }
        }
        if self.take("(") {
            let node = self.alternatives()?;
            self.expect(")")?;
            return Ok(node);
        }
        if self.take("{") {
            let name = self.name()?.to_owned();
            self.expect(":")?;
            let node = self.alternatives()?;
            self.expect("}")?;
            return Ok(Node::Capture(name, Box::new(node)));
        }
        if self.take("@") {
            return self.call();
        }
        if self.take("$") {
            let name = self.run(|c| c.is_alphanumeric() || c == '_');
            return Ok(if name.is_empty() { Node::End } else { Node::Parameter(name.to_owned()) });
        }
        if self.take("^") {
            return Ok(Node::Start);
        }
        if self.take("[") {
            let mut tests = Vec::new();
            loop {
                self.space();
                if self.take("]") {
                    return Ok(Node::Atom(tests));
                }
                tests.push(self.test()?);
            }
        }
        let test = self.test()?;
        // `d'affaires` is two words of the text.
        if let (false, WrittenTest::Form(form)) = &test {
            let words = super::lexicon::split(form);
            if words.len() > 1 {
                let atom = |word| Node::Atom(vec![(false, WrittenTest::Form(word))]);
                return Ok(Node::Sequence(words.into_iter().map(atom).collect()));
            }
        }
        Ok(Node::Atom(vec![test]))
    }

    fn call(&mut self) -> Result<Node, RuleError> {
        let name = self.name()?.to_owned();
        let mut arguments = Vec::new();
        if self.take("(") {
            loop {
                arguments.push(self.alternatives()?);
                self.space();
                if !self.take(",") {
                    break;
                }
            }
            self.expect(")")?;
        }
        Ok(Node::Macro(name, arguments))
    }

    fn test(&mut self) -> Result<(bool, WrittenTest), RuleError> {
        let negative = self.take("!");
        let upos = |c: char| c.is_alphanumeric() || matches!(c, '|' | '.');
        let test = match self.rest.chars().next() {
            Some('.') => {
                self.rest = &self.rest[1..];
                WrittenTest::Any
            }
            Some('"') => {
                self.rest = &self.rest[1..];
                let form = self.run(|c| c != '"').to_lowercase();
                self.expect("\"")?;
                WrittenTest::Form(form)
            }
            Some('~') => {
                self.rest = &self.rest[1..];
                WrittenTest::Lemma(self.name()?.to_owned())
            }
            Some('%') => {
                self.rest = &self.rest[1..];
                WrittenTest::Class(self.name()?.to_owned())
            }
            Some('#') => {
                self.rest = &self.rest[1..];
                WrittenTest::Upos(self.run(upos).to_owned())
            }
            Some('\'') => {
                self.rest = &self.rest[1..];
                WrittenTest::Shape(self.name()?.to_owned())
            }
            Some('<') => {
                self.rest = &self.rest[1..];
                let kinds = self.run(|c| c != '>').to_owned();
                self.expect(">")?;
                WrittenTest::Kinds(kinds)
            }
            _ => {
                let form = self.run(|c| c.is_alphanumeric() || matches!(c, '\'' | '-' | '&' | '/' | '°'));
                if form.is_empty() {
                    return Err(self.place.syntax(format!("`{}`: no element begins so; quote punctuation", self.rest)));
                }
                WrittenTest::Form(form.to_lowercase())
            }
        };
        Ok((negative, test))
    }

    fn repeated(&mut self, node: Node) -> Result<Node, RuleError> {
        let (min, max) = if self.take("?") {
            (0, Some(1))
        } else if self.take("*") {
            (0, None)
        } else if self.take("+") {
            (1, None)
        } else if self.rest.starts_with('{') && self.rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
            self.rest = &self.rest[1..];
            let bounds = self.run(|c| c != '}');
            self.expect("}")?;
            let (low, high) = bounds.split_once(',').unwrap_or((bounds, bounds));
            match (low.trim().parse(), high.trim().parse()) {
                (Ok(low), Ok(high)) if low <= high => (low, Some(high)),
                _ => return Err(self.place.syntax(format!("`{{{bounds}}}` is no repetition; write `{{1,3}}`"))),
            }
        } else {
            return Ok(node);
        };
        let greedy = !self.take("?");
        Ok(Node::Repeat { node: Box::new(node), min, max, greedy })
    }
}

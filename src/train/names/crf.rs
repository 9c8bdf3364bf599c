//! Probabilities of labels in a linear-chain CRF (Lafferty et al. 2001; forward-backward after Rabiner
//! 1989), where some tokens may have one of several labels.

use crate::tag::EntityType;
use crate::tag::names::labels::{LABELS, LANES, OUTSIDE, Position, Scores, Transitions, label, part};

/// A set of labels, a bit each.
pub(crate) type Allowed = u32;

/// Every label.
pub(crate) const ANY: Allowed = (1 << LABELS) - 1;

/// Expected counts of labels and steps.
#[derive(Debug)]
pub(crate) struct Expectations {
    /// The probability of each label of each token.
    pub(crate) labels: Vec<Scores>,
    /// How often each step is expected.
    pub(crate) steps: Transitions,
    /// Logarithm of the sum over all labellings.
    pub(crate) log_sum: f64,
}

impl Default for Expectations {
    fn default() -> Self {
        Self { labels: Vec::new(), steps: Transitions::zero(), log_sum: 0.0 }
    }
}

/// Buffers of forward-backward.
#[derive(Debug, Default)]
pub(crate) struct ForwardBackward {
    own: Vec<Scores>,
    alpha: Vec<Scores>,
}

/// The exponentials of the transitions.
#[derive(Debug)]
pub(crate) struct Steps(Transitions);

impl Steps {
    /// Makes them, once for many sentences.
    pub(crate) fn new(transitions: &Transitions) -> Self {
        let mut steps = transitions.clone();
        let numbers = steps.after.as_flattened_mut().iter_mut().chain(steps.within.as_flattened_mut());
        numbers.for_each(|number| *number = number.exp());
        for scores in &mut steps.after {
            for (at, score) in scores.iter_mut().enumerate() {
                let opens = at == OUTSIDE || matches!(part(at), Some((_, Position::Begin | Position::Single)));
                if !opens || at >= LABELS {
                    *score = 0.0;
                }
            }
        }
        Self(steps)
    }
}

impl ForwardBackward {
    /// Fills `out` with the expectations under `scores`, among the labellings that `allowed` holds.
    pub(crate) fn run(
        &mut self,
        scores: &[Scores],
        allowed: impl Fn(usize) -> Allowed,
        steps: &Steps,
        out: &mut Expectations,
    ) {
        let steps = &steps.0;
        out.log_sum = 0.0;
        out.steps = Transitions::zero();
        self.own.clear();
        self.alpha.clear();
        let mut before = [0.0; LANES];
        before[OUTSIDE] = 1.0;
        for (at, scores) in scores.iter().enumerate() {
            let top = scores[..LABELS].iter().fold(f32::NEG_INFINITY, |top, &score| top.max(score));
            let set = allowed(at);
            let mut own = [0.0; LANES];
            for (to, own) in own.iter_mut().enumerate().take(LABELS) {
                if set & (1 << to) != 0 {
                    *own = (scores[to] - top).exp();
                }
            }
            let mut next = forward(&before, steps);
            let mut sum = 0.0;
            for (next, own) in next.iter_mut().zip(&own) {
                *next *= own;
                sum += *next;
            }
            let sum = f32::max(sum, f32::MIN_POSITIVE);
            next.iter_mut().for_each(|next| *next /= sum);
            out.log_sum += f64::from(sum.ln()) + f64::from(top);
            self.own.push(own);
            self.alpha.push(next);
            before = next;
        }
        let closed = |at: usize| at < LABELS && !matches!(part(at), Some((_, Position::Begin | Position::Inside)));
        let mut beta: Scores = std::array::from_fn(|at| if closed(at) { 1.0 } else { 0.0 });
        let last: f32 = self.alpha.last().map_or(1.0, |alpha| alpha.iter().zip(&beta).map(|(a, b)| a * b).sum());
        out.log_sum += f64::from(f32::max(last, f32::MIN_POSITIVE).ln());
        out.labels.clear();
        out.labels.resize(scores.len(), [0.0; LANES]);
        for at in (0..scores.len()).rev() {
            let alpha = &self.alpha[at];
            let total: f32 = alpha.iter().zip(&beta).map(|(a, b)| a * b).sum();
            let total = f32::max(total, f32::MIN_POSITIVE);
            for ((share, a), b) in out.labels[at].iter_mut().zip(alpha).zip(&beta) {
                *share = a * b / total;
            }
            let mut ahead = beta;
            for (ahead, own) in ahead.iter_mut().zip(&self.own[at]) {
                *ahead *= own;
            }
            let start: Scores = std::array::from_fn(|at| if at == OUTSIDE { 1.0 } else { 0.0 });
            let previous = at.checked_sub(1).map_or(&start, |before| &self.alpha[before]);
            beta = backward(previous, &ahead, steps, &mut out.steps);
        }
    }
}

/// The sum of the end and single labels.
fn ended(values: &Scores) -> f32 {
    EntityType::ALL
        .into_iter()
        .map(|kind| values[label(kind, Position::End)] + values[label(kind, Position::Single)])
        .sum()
}

fn forward(before: &Scores, steps: &Transitions) -> Scores {
    let (outside, name) = (before[OUTSIDE], ended(before));
    let mut next: Scores = std::array::from_fn(|to| outside * steps.after[0][to] + name * steps.after[1][to]);
    for (kind, within) in EntityType::ALL.into_iter().zip(&steps.within) {
        let (begin, inside) = (before[label(kind, Position::Begin)], before[label(kind, Position::Inside)]);
        next[label(kind, Position::Inside)] = begin * within[0] + inside * within[2];
        next[label(kind, Position::End)] = begin * within[1] + inside * within[3];
    }
    next
}

/// One step back: the values before, scaled to sum to about one; adds the expected steps to `counts`.
fn backward(previous: &Scores, ahead: &Scores, steps: &Transitions, counts: &mut Transitions) -> Scores {
    let mut beta = [0.0; LANES];
    let dot = |steps: &Scores| steps.iter().zip(ahead).map(|(a, b)| a * b).sum::<f32>();
    let after = [dot(&steps.after[0]), dot(&steps.after[1])];
    beta[OUTSIDE] = after[0];
    for kind in EntityType::ALL {
        beta[label(kind, Position::End)] = after[1];
        beta[label(kind, Position::Single)] = after[1];
    }
    for (kind, within) in EntityType::ALL.into_iter().zip(&steps.within) {
        let (inside, end) = (ahead[label(kind, Position::Inside)], ahead[label(kind, Position::End)]);
        beta[label(kind, Position::Begin)] = within[0] * inside + within[1] * end;
        beta[label(kind, Position::Inside)] = within[2] * inside + within[3] * end;
    }
    let total: f32 = previous.iter().zip(&beta).map(|(a, b)| a * b).sum();
    let total = f32::max(total, f32::MIN_POSITIVE);
    for (from, (counts, steps)) in
        [previous[OUTSIDE], ended(previous)].into_iter().zip(counts.after.iter_mut().zip(&steps.after))
    {
        for ((count, step), ahead) in counts.iter_mut().zip(steps).zip(ahead) {
            *count += from * step * ahead / total;
        }
    }
    for ((kind, within), counts) in EntityType::ALL.into_iter().zip(&steps.within).zip(&mut counts.within) {
        let (begin, inside) = (previous[label(kind, Position::Begin)], previous[label(kind, Position::Inside)]);
        let (to_inside, to_end) = (ahead[label(kind, Position::Inside)], ahead[label(kind, Position::End)]);
        for (count, step) in counts.iter_mut().zip([
            begin * within[0] * to_inside,
            begin * within[1] * to_end,
            inside * within[2] * to_inside,
            inside * within[3] * to_end,
        ]) {
            *count += step / total;
        }
    }
    let sum: f32 = beta.iter().sum();
    beta.iter_mut().for_each(|beta| *beta /= f32::max(sum, f32::MIN_POSITIVE));
    beta
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Random;

    /// The sum of the scores of a labelling; `None` where the scheme forbids it.
    fn total(labels: &[usize], scores: &[Scores], transitions: &Transitions) -> Option<f32> {
        use Position::{Begin, End, Inside, Single};
        let mut before = OUTSIDE;
        let mut sum = 0.0;
        for (own, &to) in scores.iter().zip(labels) {
            let open = matches!(part(before), Some((_, Begin | Inside)));
            sum += own[to];
            sum += match (part(before), part(to)) {
                (Some((a, at)), Some((b, to))) if open && a == b && matches!(to, Inside | End) => {
                    transitions.within[a as usize][2 * usize::from(at == Inside) + usize::from(to == End)]
                }
                (from, None | Some((_, Begin | Single))) if !open => transitions.after[usize::from(from.is_some())][to],
                _ => return None,
            };
            before = to;
        }
        (!matches!(part(before), Some((_, Begin | Inside)))).then_some(sum)
    }

    #[test]
    fn probabilities_are_those_of_trying_all() {
        let mut random = Random::new(3);
        let mut noise = || random.unit() * 2.0 - 1.0;
        let numbers: Vec<f32> = (0..Transitions::NUMBERS).map(|_| noise()).collect();
        let transitions = Transitions::from_numbers(&numbers);
        let scores: Vec<Scores> = (0..3).map(|_| std::array::from_fn(|_| noise())).collect();
        let sets = [ANY, ANY & !1, ANY];
        let (mut sum, mut shares) = (0.0_f64, vec![[0.0_f64; LANES]; 3]);
        for code in 0..LABELS.pow(3) {
            let labels = [code % LABELS, code / LABELS % LABELS, code / LABELS / LABELS];
            if labels.iter().zip(sets).any(|(&label, set)| set & (1 << label) == 0) {
                continue;
            }
            if let Some(total) = total(&labels, &scores, &transitions) {
                let weight = f64::from(total).exp();
                sum += weight;
                shares.iter_mut().zip(labels).for_each(|(shares, label)| shares[label] += weight);
            }
        }
        let mut out = Expectations::default();
        ForwardBackward::default().run(&scores, |at| sets[at], &Steps::new(&transitions), &mut out);
        assert!((out.log_sum - sum.ln()).abs() < 1e-4, "{} and {}", out.log_sum, sum.ln());
        for (found, expected) in out.labels.iter().zip(&shares) {
            for (found, expected) in found.iter().zip(expected) {
                assert!((f64::from(*found) - expected / sum).abs() < 1e-4, "{found} and {}", expected / sum);
            }
        }
        let steps: f32 = out.steps.to_numbers().iter().sum();
        assert!((steps - 3.0).abs() < 1e-3, "{steps} steps into three tokens");
    }
}

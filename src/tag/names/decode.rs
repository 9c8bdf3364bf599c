use super::labels::{LABELS, LANES, OUTSIDE, Position, Scores, Transitions, label, part};
use crate::tag::EntityType;

/// Which labels may stand before the first token and after the last: as if outside.
const NONE: f32 = f32::NEG_INFINITY;

/// Buffers of the Viterbi algorithm, reused from sentence to sentence.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    /// The label before, on the best way to each label of each token.
    back: Vec<[u8; LANES]>,
    /// The best labels of the last sentence.
    pub(crate) labels: Vec<u8>,
}

impl Decoder {
    /// Finds the best labels of tokens with the given scores (Viterbi 1967): a name that is open goes
    /// on in its own type only, so that a step costs as much as there are labels, not their square.
    pub(crate) fn decode(&mut self, scores: &[Scores], transitions: &Transitions) {
        self.back.clear();
        self.labels.clear();
        let mut best = [NONE; LANES];
        best[OUTSIDE] = 0.0;
        for own in scores {
            let mut next = [NONE; LANES];
            let mut back = [0_u8; LANES];
            let mut ended = (NONE, 0_u8);
            for kind in EntityType::ALL {
                for from in [label(kind, Position::End), label(kind, Position::Single)] {
                    if best[from] > ended.0 {
                        ended = (best[from], from as u8);
                    }
                }
            }
            let outside = best[OUTSIDE];
            for to in 0..LABELS {
                let (after_outside, after_name) =
                    (outside + transitions.after[0][to], ended.0 + transitions.after[1][to]);
                let (value, from) =
                    if after_name > after_outside { (after_name, ended.1) } else { (after_outside, OUTSIDE as u8) };
                next[to] = value + own[to];
                back[to] = from;
            }
            for (kind, within) in EntityType::ALL.into_iter().zip(&transitions.within) {
                let [begin, inside, end] = [Position::Begin, Position::Inside, Position::End].map(|p| label(kind, p));
                for (to, from_begin, from_inside) in [(inside, within[0], within[2]), (end, within[1], within[3])] {
                    let (a, b) = (best[begin] + from_begin, best[inside] + from_inside);
                    next[to] = a.max(b) + own[to];
                    back[to] = if b > a { inside as u8 } else { begin as u8 };
                }
            }
            best = next;
            self.back.push(back);
        }
        let closed = |at: &usize| !matches!(part(*at), Some((_, Position::Begin | Position::Inside)));
        let last = (0..LABELS).filter(closed).fold(OUTSIDE, |top, at| if best[at] > best[top] { at } else { top });
        let mut here = last as u8;
        for back in self.back.iter().rev() {
            self.labels.push(here);
            // Invariant: labels are below the lanes.
            here = back[usize::from(here)];
        }
        self.labels.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers between -2 and 2 that look random.
    fn noise(seed: &mut u64) -> f32 {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 40) as f32 / (1 << 22) as f32 - 2.0
    }

    /// The score of the step between two labels; `None` where the scheme forbids it.
    fn step(from: usize, to: usize, transitions: &Transitions) -> Option<f32> {
        use Position::{Begin, End, Inside, Single};
        let open = |label| matches!(part(label), Some((_, Begin | Inside)));
        match (part(from), part(to)) {
            (Some((a, Begin)), Some((b, Inside))) if a == b => Some(transitions.within[a as usize][0]),
            (Some((a, Begin)), Some((b, End))) if a == b => Some(transitions.within[a as usize][1]),
            (Some((a, Inside)), Some((b, Inside))) if a == b => Some(transitions.within[a as usize][2]),
            (Some((a, Inside)), Some((b, End))) if a == b => Some(transitions.within[a as usize][3]),
            (_, None | Some((_, Begin | Single))) if !open(from) => {
                Some(transitions.after[usize::from(part(from).is_some())][to])
            }
            _ => None,
        }
    }

    #[test]
    fn the_best_labels_are_those_of_trying_all() {
        let mut seed = 7;
        for round in 0..20 {
            let numbers: Vec<f32> = (0..Transitions::NUMBERS).map(|_| noise(&mut seed)).collect();
            let transitions = Transitions::from_numbers(&numbers);
            let scores: Vec<Scores> = (0..3).map(|_| std::array::from_fn(|_| noise(&mut seed))).collect();
            let mut best = (f32::NEG_INFINITY, Vec::new());
            for code in 0..LABELS.pow(3) {
                let labels = [code % LABELS, code / LABELS % LABELS, code / LABELS / LABELS];
                let mut sum = Some(0.0);
                let mut before = OUTSIDE;
                for (own, &to) in scores.iter().zip(&labels) {
                    sum = sum.zip(step(before, to, &transitions)).map(|(sum, step)| sum + step + own[to]);
                    before = to;
                }
                if matches!(part(before), Some((_, Position::Begin | Position::Inside))) {
                    continue;
                }
                if let Some(sum) = sum.filter(|&sum| sum > best.0) {
                    best = (sum, labels.map(|label| label as u8).to_vec());
                }
            }
            let mut decoder = Decoder::default();
            decoder.decode(&scores, &transitions);
            assert_eq!(decoder.labels, best.1, "round {round}");
        }
    }

    #[test]
    fn no_tokens_have_no_labels() {
        let mut decoder = Decoder::default();
        decoder.decode(&[], &Transitions::zero());
        assert!(decoder.labels.is_empty());
    }
}

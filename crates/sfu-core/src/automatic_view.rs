//! What stands in the slots of a receiver that does not choose by itself (WHEP).

/// Puts the first candidates into the slots; `true` when a slot changed.
///
/// `candidates` are in order of preference. What is shown already stays in its slot.
pub fn assign<K: Copy + PartialEq>(slots: &mut [Option<K>], candidates: &[K]) -> bool {
    let wanted = candidates.get(..slots.len().min(candidates.len())).unwrap_or_default();
    let mut has_changed = false;
    for slot in slots.iter_mut() {
        if slot.is_some_and(|key| !wanted.contains(&key)) {
            *slot = None;
            has_changed = true;
        }
    }
    for key in wanted {
        if slots.contains(&Some(*key)) {
            continue;
        }
        if let Some(slot) = slots.iter_mut().find(|slot| slot.is_none()) {
            *slot = Some(*key);
            has_changed = true;
        }
    }
    has_changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slot_follows_the_first_candidate() {
        let mut slots = [None];
        assert!(assign(&mut slots, &[7, 3]));
        assert_eq!(slots, [Some(7)]);
        assert!(assign(&mut slots, &[3, 7]));
        assert_eq!(slots, [Some(3)]);
    }

    #[test]
    fn a_picture_does_not_move_to_another_slot() {
        let mut slots = [Some(1), Some(2)];
        assert!(!assign(&mut slots, &[2, 1, 3]));
        assert!(assign(&mut slots, &[3, 2, 1]));
        assert_eq!(slots, [Some(3), Some(2)]);
    }

    #[test]
    fn without_candidates_slots_are_empty() {
        let mut slots = [Some(1), None];
        assert!(assign(&mut slots, &[]));
        assert_eq!(slots, [None; 2]);
    }
}

//! [`Places`]: where values stand of which only that is known, as [`super::reach`](super) goes through templates.

use rustc_hash::FxHashMap;

use crate::path::Step;
use crate::template::reads::{Reads, Way};
use crate::value::Str;

/// A place below `.Values`, by its number among [`Places`].
pub type Place = u32;

/// `.Values` itself.
pub const TOP: Place = 0;

/// The places below `.Values` that were met, with what is looked at of each: a place is a number, so that nothing is made where
/// it is met again.
#[derive(Debug)]
pub struct Places {
    /// Each by its number.
    pub all: Vec<Met>,
    known: FxHashMap<(Place, Option<Str>), Place>,
}

/// A place that was met.
#[derive(Debug)]
pub struct Met {
    above: Place,
    /// The key; none for whichever there is.
    key: Option<Str>,
    /// How many steps lead there.
    pub depth: usize,
    /// Whether some key on the way is known, or there is none on the way.
    pub is_said: bool,
    /// Whether somebody asks for it: this and the others as in [`Reads`].
    pub is_touched: bool,
    /// Whether all below it is looked at.
    pub is_whole: bool,
    /// Whether it is looked at which keys it has.
    pub has_keys: bool,
}

impl Default for Places {
    fn default() -> Places {
        let top = Met {
            above: TOP,
            key: None,
            depth: 0,
            is_said: true,
            is_touched: false,
            is_whole: false,
            has_keys: false,
        };
        Places { all: vec![top], known: FxHashMap::default() }
    }
}

impl Places {
    /// What stands at a key below a place, or at whichever.
    pub fn below(&mut self, above: Place, key: Option<&Str>) -> Place {
        let way = (above, key.cloned());
        if let Some(place) = self.known.get(&way) {
            return *place;
        }
        let place = self.all.len() as Place;
        let depth = self.all[above as usize].depth + 1;
        // Which of all values a key means that is made up as it goes nobody can say.
        let is_said = key.is_some() || above != TOP && self.all[above as usize].is_said;
        self.all.push(Met {
            above,
            key: key.cloned(),
            depth,
            is_said,
            is_touched: false,
            is_whole: false,
            has_keys: false,
        });
        self.known.insert(way, place);
        place
    }

    /// The steps to a place, from the first.
    fn ways(&self, mut place: Place) -> Vec<Way> {
        let mut ways = Vec::new();
        while place != TOP {
            let met = &self.all[place as usize];
            ways.push(met.key.as_ref().map_or(Way::Any, |key| Way::To(Step::Key(key.to_string()))));
            place = met.above;
        }
        ways.reverse();
        ways
    }

    /// All that is looked at.
    pub fn reads(&self) -> Reads {
        let mut reads = Reads::default();
        for (place, met) in self.all.iter().enumerate() {
            if met.is_touched || met.is_whole || met.has_keys {
                let own = reads.at(self.ways(place as Place));
                own.is_touched |= met.is_touched;
                own.is_whole |= met.is_whole;
                own.has_keys |= met.has_keys;
            }
        }
        reads
    }
}

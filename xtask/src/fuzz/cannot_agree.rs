//! Where two right answers can differ, and what is compared there all the same: the one list. `docs/comparison.md` is made
//! from it, the run tells how often each reason was met, [`super::forms`] calls what stands here, [`super::grammar`] does not.

use std::fmt::Write as _;

/// A reason why answers can differ though both are right.
#[derive(Debug, PartialEq)]
pub struct Reason {
    /// A word for it.
    pub name: &'static str,
    /// Why the answers can differ.
    pub why: &'static str,
    /// What is compared all the same.
    pub instead: &'static str,
    /// The functions that are to blame.
    pub functions: &'static [&'static str],
    /// What a run says of a case that meets it; nothing where cases are made so that none does.
    pub met: Option<&'static str>,
}

/// Go prints where something lies in memory.
pub const ADDRESS: Reason = Reason {
    name: "address",
    why: "`%p` of anything, and most verbs of a pointer within a list, a map or a struct, print where something lies in \
          memory. Two programs have it in two places",
    instead: "all of the text but the addresses; an address must stand where ours has one",
    functions: &[],
    met: Some("compared but for addresses"),
};

/// Go walks a map in any order.
pub const ORDER: Reason = Reason {
    name: "order",
    why: "Go walks a map in another order each time: that decides which of several errors is told, which of the keys `1` \
          and `\"1\"` wins, which chart is loaded first, in which order warnings come, and how `keys` and `values` are sorted",
    instead: "Helm is asked up to 12 times more, and must once answer as ours does; warnings are sorted; `keys` and `values` \
              are sorted, counted, or made of one entry",
    functions: &["keys", "values"],
    met: Some("agree when Helm is asked again"),
};

/// Chance.
pub const CHANCE: Reason = Reason {
    name: "chance",
    why: "keys, salts, serial numbers and random text differ at each call",
    instead: "kind, length, alphabet and first letters of the results, and every error; what Helm answers in two ways \
              when asked twice is not compared",
    functions: &[
        "randAlpha",
        "randAlphaNum",
        "randAscii",
        "randNumeric",
        "randInt",
        "randBytes",
        "shuffle",
        "uuidv4",
        "bcrypt",
        "htpasswd",
        "encryptAES",
        "genPrivateKey",
        "genCA",
        "genCAWithKey",
        "genSelfSignedCert",
        "genSelfSignedCertWithKey",
        "genSignedCert",
        "genSignedCertWithKey",
    ],
    met: Some("not compared"),
};

/// The clock.
pub const CLOCK: Reason = Reason {
    name: "clock",
    why: "the time goes on; what is no time is now to most functions of dates",
    instead: "these functions with times that stand in the template, and kind and length of what comes of others; what \
              Helm answers in two ways when asked twice is not compared",
    functions: &[
        "now",
        "ago",
        "date",
        "dateInZone",
        "date_in_zone",
        "htmlDate",
        "htmlDateInZone",
        "durationRound",
    ],
    met: Some("not compared"),
};

/// Go ends.
pub const END: Reason = Reason {
    name: "end",
    why: "Go itself ends where its stack does (a value that contains itself, a template that calls itself), and the program \
          that asks Helm ends what takes seconds. Ours ends in an error",
    instead: "nothing; the case must not harm ours",
    functions: &[],
    met: Some("not compared"),
};

/// Go has no bound of size.
pub const SIZE: Reason = Reason {
    name: "size",
    why: "what makes as much as a number says fills Go's memory where ours ends in an error",
    instead: "these functions with small numbers",
    functions: &["repeat", "indent", "nindent", "until", "untilStep", "seq"],
    met: None,
};

/// It takes too long.
pub const COST: Reason = Reason {
    name: "cost",
    why: "a call takes a tenth of a second by design",
    instead: "few calls",
    functions: &["derivePassword"],
    met: None,
};

/// Questions are JSON.
pub const ENCODING: Reason = Reason {
    name: "encoding",
    why: "questions and answers are JSON, which holds no text but UTF-8",
    instead: "such bytes as U+FFFD, in answers; `tests/hostile_load.rs` reads them without Helm",
    functions: &[],
    met: None,
};

/// All of them.
pub const ALL: [&Reason; 8] = [&ADDRESS, &ORDER, &CHANCE, &CLOCK, &END, &SIZE, &COST, &ENCODING];

/// Whether random templates call the function in the forms of [`super::forms`] only.
pub fn is_called_in_forms(function: &str) -> bool {
    [ORDER, CHANCE, CLOCK, COST].iter().any(|reason| reason.functions.contains(&function))
}

/// What can be to blame where Helm answers a case of these words in two ways.
pub fn blamed<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Option<&'static Reason> {
    let calls = |reason: &Reason| words.clone().any(|word| reason.functions.contains(&word));
    [&CHANCE, &CLOCK].into_iter().find(|reason| calls(reason))
}

/// Whether the texts differ in nothing but addresses.
pub fn differ_in_addresses(ours: &str, theirs: &str) -> bool {
    alike(ours.as_bytes(), theirs.as_bytes())
}

fn alike(mut ours: &[u8], mut theirs: &[u8]) -> bool {
    loop {
        if let Some(length) = address(ours) {
            // Theirs may be followed by digits, or by what fills the width of its verb.
            let theirs = theirs.trim_ascii_start();
            let digits = theirs.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
            return (6..=digits.min(64)).any(|end| {
                let (ours, theirs) = (&ours[length..], &theirs[end..]);
                alike(ours, theirs)
                    || theirs.starts_with(b" ") && alike(ours.trim_ascii_start(), theirs.trim_ascii_start())
            });
        }
        match (ours.split_first(), theirs.split_first()) {
            (None, None) => return true,
            (Some((one, ours_left)), Some((other, theirs_left))) if one == other => {
                (ours, theirs) = (ours_left, theirs_left);
            }
            // Before the sign and the `0x` may be what fills the width.
            (_, Some((b' ', theirs_left))) if (0..4).any(|at| ours.get(at..).and_then(address).is_some()) => {
                theirs = theirs_left;
            }
            _ => return false,
        }
    }
}

/// How long the place in our own memory is that the text starts with, in any notation.
fn address(text: &[u8]) -> Option<usize> {
    const MEMORY: std::ops::Range<u64> = 0x7e00_0000_0000..0x8000_0000_0000;
    let is_address = |(length, base): &(usize, u32)| {
        let digits = text.get(..*length).and_then(|digits| std::str::from_utf8(digits).ok());
        digits
            .and_then(|digits| u64::from_str_radix(digits, *base).ok())
            .is_some_and(|at| MEMORY.contains(&at))
    };
    [(12, 16), (15, 10), (16, 8), (47, 2)]
        .iter()
        .find(|notation| is_address(notation))
        .map(|(length, _)| *length)
}

/// The page about it, with the families of cases: their names and what is compared.
pub fn page(families: &[(&str, &str)]) -> String {
    let mut text = String::from(
        "# Comparison with Helm\n\n\
         `cargo xtask fuzz-diff [--family NAME] [--cases N] [--seed S] [--coverage]` makes random cases, has Helm's packages and \
         ours answer them, and compares every byte of what is rendered and of every error. A case on which they differ is made \
         smaller and printed, and the task fails. The families:\n\n",
    );
    for (name, what) in families {
        let _ = writeln!(text, "- `{name}`: {what}");
    }
    text.push_str(
        "\n## What cannot agree\nTwo right answers can differ for these reasons and for no others. A run tells at its end how \
         often it met each.\n\n| reason | why | what is compared all the same | functions |\n|---|---|---|---|\n",
    );
    for Reason { name, why, instead, functions, .. } in ALL {
        let functions: Vec<String> = functions.iter().map(|name| format!("`{name}`")).collect();
        let _ = writeln!(text, "| {name} | {why}. | {instead} | {} |", functions.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::forms::FORMS;

    #[test]
    fn every_function_exists_and_has_a_form() {
        for function in ALL.iter().flat_map(|reason| reason.functions) {
            assert!(plimsoll::internals::funcs::all().any(|known| known.name == *function), "{function}");
            let has_form = FORMS.iter().any(|(name, ..)| name == function);
            assert_eq!(has_form, is_called_in_forms(function), "{function}");
        }
    }

    #[test]
    fn addresses_may_differ_and_nothing_else() {
        assert!(differ_in_addresses("a 0x7f92080056b0|[140266652593840]", "a 0x560cdc0|[36987495761872]"));
        assert!(differ_in_addresses("a0x7f92080056b0a1", "a0x560cdc0a1"));
        assert!(differ_in_addresses("%d(140266652593840)", "%d(    36987495761872)"));
        assert!(differ_in_addresses("|+0x7f92080056b0|140266652593840|", "|   +0x560cdc0|90230208     |"));
        assert!(differ_in_addresses("0x7f92080056b0  a", "0x560cdc0     a"));
        assert!(!differ_in_addresses("a 0x7f92080056b0", "b 0x560cdc0"));
        assert!(!differ_in_addresses("1234567.5", "1234568.5"));
        assert!(!differ_in_addresses("0x7f92080056b0", "<nil>"));
    }
}

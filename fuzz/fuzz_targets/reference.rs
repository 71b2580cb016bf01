//! See `testkit::targets`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use testkit::targets::Target;

fuzz_target!(|data: &[u8]| {
    if let Some(target) = Target::named("reference") {
        (target.run)(data);
    }
});

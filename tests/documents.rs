//! Runs the `console` blocks of the documents and of `testdata/cli`, and compares what the program says with what stands
//! there. `TRYCMD=overwrite cargo test --test documents` writes what it says now; look at the difference before you commit it.

#[test]
fn consoles() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .case("README.md")
        .case("docs/*.md")
        .case("testdata/cli/*.trycmd");
}

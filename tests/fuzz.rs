//! The fuzz targets on a stable toolchain: random bytes, mutated seeds, and every crash that was ever found.

use draftlint::hostile;

type Target = fn(&[u8]);

/// A rule with its languages, and what makes it one before and behind them.
macro_rules! rule {
    ($head:literal, $tail:literal) => {
        concat!(
            "id = \"a\"\ncategory = \"vague\"\ntitle = \"a\"\nwhy = \"a\"\nseverity = \"note\"\nconfidence = \"low\"\n",
            $head,
            "[en]\nmessage = \"a\"\nadvice = \"a\"\n[fr]\nmessage = \"a\"\nadvice = \"a\"\n[nl]\nmessage = \"a\"\nadvice = \"a\"\n[ru]\nmessage = \"a\"\nadvice = \"a\"\n",
            $tail
        )
    };
}

/// Every part of the notation; each of them compiles.
const PATTERNS: &[&str] = &[
    "(we|our) …4 stem* a",
    "a (b|c)? …8 d \\? (e|f|)",
    "@list (will|is) #number? _ (,|:|.)",
    "^ (we|i) …99 (a+b|c) $",
];

/// Every kind of rule; each of them compiles.
const RULE_FILES: &[&str] = &[
    concat!(
        "id = \"a\"\ncategory = \"vague\"\ntitle = \"a\"\nwhy = \"a\"\nseverity = \"note\"\nconfidence = \"low\"\n",
        "ask = [\"legal\"]\nkinds = [\"post\"]\nsources = [{ title = \"a\" }]\n",
        "unless = [{ what = \"@list\", within = \"sentence\", side = \"before\" }, \"#number\"]\n",
        "[en]\nmessage = \"a\"\nadvice = \"a\"\n",
        "patterns = [\"(we|our) …4 stem~e\", { match = \"a\", severity = \"error\", unless = [{ what = \"b\", within = \"clause\", outside_match = true }], raise = [{ status = [\"listed\"], severity = \"error\" }] }]\n",
        "frames = [{ slots = { who = \"(we|@list)\", what = \"st*\" }, optional = { when = \"#date\" }, within = \"sentence\", reach = 9, ordered = true }]\n",
        "bad = [\"[[we stem]]\", \"[[a]]\"]\ngood = [\"b\", \"c\"]\n",
        "[fr]\nmessage = \"a\"\nadvice = \"a\"\npatterns = [\"a\"]\nbad = [\"[[a]]\", \"[[a]]\"]\ngood = [\"b\", \"c\"]\n",
        "[nl]\nmessage = \"a\"\nadvice = \"a\"\npatterns = [\"a\"]\nbad = [\"[[a]]\", \"[[a]]\"]\ngood = [\"b\", \"c\"]\n",
        "[ru]\nmessage = \"a\"\nadvice = \"a\"\npatterns = [\"а\"]\nbad = [\"[[а]]\", \"[[а]]\"]\ngood = [\"б\", \"в\"]\n",
    ),
    rule!("density = { count = \"@list\", per-words = 50, above = 1.5, at-least = 2, within = \"post\" }\n", ""),
    rule!(
        "document = { min-words = 3, any = [\"a\"], none = [\"@list\"], fewer-than = 2, of = [\"b\"], last-sentences = 2, share = { of = \"a\", at-least = 0.5 } }\n",
        ""
    ),
    rule!("", "[any]\npatterns = [\"a b\", \"stem* …3 @list\"]\n"),
    rule!("detector = \"email-address\"\n", ""),
    rule!("check = { name = \"long-sentence\", words = { en = 3 } }\n", ""),
];

/// Weights and a thesaurus; each of them compiles.
const WEIGHTS: &[&str] =
    &["# of a test\nfeature\ta\tb\n(intercept)\t0.5\t-1\n(unit)\t1e-2\t0.1\t1\t-1\n(unit)\t2\t-3.5\t0\t1\n\
     we\tAg\nrev-\t.G\nwe expect\tbB\n@sense-a\tCc\n#number\ta.\n?\tDd\n"];
const THESAURUS: &[&str] = &["# of a test\na: rev* list doubl*\nb: we our\n"];

const TARGETS: &[(&str, Target, &[&str])] = &[
    (
        "document",
        hostile::document,
        &[
            "0---\nkind: post\n---\n> We **expect** [revenue](x) to double.\n\n<!-- draftlint: allow x -- y -->\n- a\n",
            "1\u{202e}cba\u{202c} i d i o t 1d10t a@b.com",
        ],
    ),
    (
        "html",
        hostile::html,
        &[
            "<p>You are <b>an</b> &#105;diot<blockquote>a</blockquote><!-- draftlint: allow x -- y --><a href=\"x\">b</a>",
        ],
    ),
    ("patterns", |bytes| _ = hostile::patterns(bytes), PATTERNS),
    ("rule_files", |bytes| _ = hostile::rule_files(bytes), RULE_FILES),
    ("weights", |bytes| _ = hostile::weights(bytes), WEIGHTS),
    ("thesaurus", |bytes| _ = hostile::thesaurus(bytes), THESAURUS),
    (
        "configuration",
        hostile::configuration,
        &[
            "select = [\"tone\"]\n[levels]\n\"tone/insult\" = \"off\"\n[[overrides]]\npaths = [\"*.md\"]\n[limits]\ndraft_bytes = 5\n",
        ],
    ),
    (
        "json_lines",
        hostile::json_lines,
        &["{\"id\":1,\"text\":\"We expect revenue to double.\",\"lang\":\"en\"}\n\n{\"text\":5}\n"],
    ),
    (
        "lsp_framing",
        hostile::lsp_framing,
        &["Content-Length: 17\r\nContent-Type: x\r\n\r\n{\"jsonrpc\":\"2.0\"}Content-Length: 2\r\n\r\n{}"],
    ),
];

/// A small generator, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }
}

const PIECES: &[&str] = &[
    "\u{202e}",
    "\u{200b}",
    "\r\n",
    "\n\n",
    "<",
    "</p>",
    "<!--",
    "-->",
    "&#",
    "&amp;",
    "[",
    "](",
    "((",
    "))",
    "|",
    "?",
    "…9",
    "@",
    "#",
    "*",
    "~",
    "\"",
    "'",
    "=",
    "{",
    "}",
    "[[",
    "]]",
    "\\u",
    "\u{301}",
    "😀",
    "ё",
    "é",
    "１",
    "𝐚",
    "-----",
    "+++\n",
    "---\n",
    "> ",
    "- ",
    "1d10t",
    "a b c d e",
];

fn mutate(seed: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.next(6) {
        let at = random.next(bytes.len() + 1);
        match random.next(5) {
            0 if at < bytes.len() => bytes[at] = random.next(256) as u8,
            1 => bytes.truncate(at),
            2 => {
                let to = at + random.next(bytes.len() - at + 1);
                let part = bytes[at..to].to_vec();
                bytes.splice(at..at, part);
            }
            3 if at < bytes.len() => {
                bytes.remove(at);
            }
            _ => drop(bytes.splice(at..at, PIECES[random.next(PIECES.len())].bytes()).collect::<Vec<_>>()),
        }
    }
    bytes
}

fn run(name: &str, target: Target, bytes: &[u8]) {
    if std::panic::catch_unwind(|| target(bytes)).is_err() {
        panic!("{name} fails on {:?}", String::from_utf8_lossy(bytes));
    }
}

/// `FUZZ_SECONDS=600 cargo test --release --test fuzz` goes on for longer.
#[test]
fn no_bytes_bring_a_reader_down() {
    let seconds: f64 = std::env::var("FUZZ_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(1.0);
    for (name, target, seeds) in TARGETS {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let start = std::time::Instant::now();
        let mut pool: Vec<Vec<u8>> = seeds.iter().map(|s| s.as_bytes().to_vec()).collect();
        let mut count = 0u64;
        while start.elapsed().as_secs_f64() < seconds {
            let bytes = match random.next(8) {
                0 => (0..random.next(64)).map(|_| random.next(256) as u8).collect(),
                _ => mutate(&pool[random.next(pool.len())].clone(), &mut random),
            };
            run(name, *target, &bytes);
            count += 1;
            if pool.len() < 64 && bytes.len() < 2_000 {
                pool.push(bytes);
            }
        }
        println!("{name}: {count} inputs in {:.0} s", start.elapsed().as_secs_f64());
        assert!(count > 0);
    }
}

/// What is refused at once proves nothing of what comes behind.
#[test]
fn the_seeds_of_the_compiler_compile() {
    for seed in PATTERNS {
        assert!(hostile::patterns(seed.as_bytes()), "{seed}");
    }
    for seed in RULE_FILES {
        assert!(hostile::rule_files(seed.as_bytes()), "{seed}");
    }
    for seed in WEIGHTS {
        assert!(hostile::weights(seed.as_bytes()), "{seed}");
    }
    for seed in THESAURUS {
        assert!(hostile::thesaurus(seed.as_bytes()), "{seed}");
    }
    assert!(!hostile::weights(b"feature") && !hostile::thesaurus(b"a b"));
    assert!(!hostile::patterns(b"(a") && !hostile::rule_files(b"id = \"a\"\n"));
}

#[test]
fn crashes_of_the_past_stay_away() {
    for (name, target, _) in TARGETS {
        let folder = format!("{}/tests/fuzz/regressions/{name}", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            run(name, *target, &std::fs::read(entry.path()).unwrap());
        }
    }
}

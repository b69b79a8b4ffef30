//! Addresses of machines and wallets.

use super::Detection;
use super::scan::Scan;
use crate::finding::Confidence;

/// IPv4 addresses that can be reached; those of documentation, home networks and the machine itself are passed over.
pub(super) fn ip(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    for run in &scan.runs {
        let groups = scan.groups_of(run);
        if groups.len() != 4 || run.plus || run.parens || run.glued_before || scan.separators(run) != [b'.', b'.', b'.']
        {
            continue;
        }
        let mut octets = [0u64; 4];
        let fits = groups.iter().zip(&mut octets).all(|(g, octet)| {
            let text = &scan.folded[g.clone()];
            *octet = super::scan::value(&text.iter().map(|b| b - b'0').collect::<Vec<_>>());
            g.len() <= 3 && *octet < 256 && (g.len() == 1 || text[0] != b'0')
        });
        // No spaces between the parts.
        if !fits || groups.windows(2).any(|w| w[1].start - w[0].end != 1) {
            continue;
        }
        let cue = scan
            .cue_before(
                run.span.start,
                3,
                &[
                    "ip",
                    "address",
                    "addresses",
                    "adresse",
                    "adres",
                    "ip-adres",
                    "адрес*",
                    "host",
                    "server",
                    "serveur",
                    "сервер*",
                ],
            )
            .is_some();
        // 1.2.3.4 is a version or a numbered heading more often than an address.
        let short = groups.iter().filter(|g| g.len() == 1).count() >= 3;
        if scan
            .cue_before(
                run.span.start,
                1,
                &["v", "version", "versie", "версия", "версии", "release", "firmware", "build", "section", "§"],
            )
            .is_some()
            || (short && !cue)
        {
            continue;
        }
        let [a, b, c, _] = octets;
        let private =
            matches!((a, b, c), (10 | 127 | 0 | 224..=255, _, _) | (192, 168, _) | (172, 16..=31, _) | (169, 254, _))
                || matches!((a, b, c), (192, 0, 2) | (198, 51, 100) | (203, 0, 113));
        found.push(Detection::new(run.span.clone(), if private { Confidence::Low } else { Confidence::High }));
    }
}

/// Words for a wallet.
const WALLET: &[&str] = &[
    "wallet*",
    "btc",
    "bitcoin*",
    "eth",
    "ethereum",
    "usdt",
    "tron",
    "crypto*",
    "adresse",
    "address",
    "portefeuille",
    "portemonnee",
    "кошел*",
    "биткоин*",
    "биткойн*",
    "крипто*",
    "ton",
];

/// Addresses of crypto wallets, after a word for one.
pub(super) fn wallet(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    for token in super::secret::tokens(scan) {
        let text = &scan.text[token.clone()];
        let base58 = text.bytes().all(|b| b.is_ascii_alphanumeric() && !matches!(b, b'0' | b'O' | b'I' | b'l'));
        let mixed = text.bytes().any(|b| b.is_ascii_digit()) && text.bytes().any(|b| b.is_ascii_alphabetic());
        let shaped = match text.as_bytes() {
            [b'0', b'x', rest @ ..] => rest.len() == 40 && rest.iter().all(u8::is_ascii_hexdigit),
            [b'b', b'c', b'1', rest @ ..] => {
                (36..=60).contains(&rest.len()) && rest.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            }
            [b'1' | b'3', ..] => (26..=35).contains(&text.len()) && base58 && mixed,
            [b'T', ..] => text.len() == 34 && base58 && mixed,
            _ => false,
        };
        if shaped && mixed && scan.cue_before(token.start, 6, WALLET).is_some() {
            found.push(Detection::new(token, Confidence::Medium));
        }
    }
}

use super::*;
use super::{account, identity, scan};

/// What a detector finds in a text, as text.
fn found<'t>(name: &str, text: &'t str) -> Vec<&'t str> {
    detect(name, text).unwrap_or_else(|| panic!("no detector {name}")).into_iter().map(|d| &text[d.span]).collect()
}

/// Every case: the detector, a text with the expected stretch in `[[…]]`, several allowed, none for silence.
fn check(cases: &[(&str, &str)]) {
    for (name, marked) in cases {
        let text = marked.replace("[[", "").replace("]]", "");
        let expected: Vec<&str> = marked.split("[[").skip(1).map(|part| part.split("]]").next().unwrap()).collect();
        assert_eq!(found(name, &text), expected, "{name}: {marked}");
    }
}

fn digits(text: &str) -> Vec<u8> {
    text.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect()
}

#[test]
fn check_digits() {
    for valid in [
        "FR76 3000 6000 0112 3456 7890 189",
        "NL02ABNA0123456789",
        "BE68539007547034",
        "DE44500105175407324931",
        "GB29NWBK60161331926819",
        "LU280019400644750000",
        "CH9300762011623852957",
        "KZ3586125KZT50041001",
        "MT84MALT011000012345MTLCAST001S",
        "NO9386011117947",
        "RU8404452522540702810412345678901",
    ] {
        assert!(account::valid_iban(valid), "{valid}");
        // Any one digit changed, and any two unlike neighbours swapped, must fail.
        let bytes: Vec<u8> = valid.bytes().filter(|b| *b != b' ').collect();
        for i in 2..bytes.len() {
            if bytes[i].is_ascii_digit() {
                let mut wrong = bytes.clone();
                wrong[i] = b'0' + (wrong[i] - b'0' + 3) % 10;
                assert!(!account::valid_iban(std::str::from_utf8(&wrong).unwrap()), "{valid} at {i}");
            }
            if i > 4 && bytes[i] != bytes[i - 1] {
                let mut wrong = bytes.clone();
                wrong.swap(i, i - 1);
                assert!(!account::valid_iban(std::str::from_utf8(&wrong).unwrap()), "{valid} swapped at {i}");
            }
        }
    }
    assert!(!account::valid_iban("FR7630006000011234567890"), "too short for its country");
    for valid in [
        "4000123456789017",
        "5100123456789013",
        "370012345678905",
        "2221123456789014",
        "2200123456789019",
        "36001234567895",
        "3528123456789012",
        "4000123456789012343",
    ] {
        assert!(scan::luhn(&digits(valid)), "{valid}");
        let mut wrong = digits(valid);
        wrong[5] = (wrong[5] + 1) % 10;
        assert!(!scan::luhn(&wrong), "{valid}");
    }
    for (valid, wrong) in [
        ("1 85 05 78 006 084 91", "1 85 05 78 006 084 90"),
        ("2 99 12 75 112 345 84", "2 99 13 75 112 345 84"),
        ("2 84 02 2A 004 123 07", "2 84 02 2B 004 123 07"),
        ("1 84 07 2B 033 321 66", "1 84 07 2A 033 321 66"),
    ] {
        assert!(identity::valid_nir(valid), "{valid}");
        assert!(!identity::valid_nir(wrong), "{wrong}");
    }
    let table: [(&str, fn(&[u8]) -> bool, &str, &str); 10] = [
        ("bsn", identity::valid_bsn, "770914536", "770914535"),
        ("bsn", identity::valid_bsn, "416538289", "416538298"),
        ("belgian", identity::valid_belgian, "90061512301", "90061512302"),
        ("belgian", identity::valid_belgian, "03061512346", "03061512301"),
        ("inn", identity::valid_inn, "500123456750", "500123456751"),
        ("inn", identity::valid_inn, "773650908110", "773650908101"),
        ("snils", identity::valid_snils, "11223344595", "11223344594"),
        ("snils", identity::valid_snils, "08765430200", "08765430201"),
        ("iin", identity::valid_iin, "991231600121", "991331600121"),
        ("siren", identity::valid_siren, "123456782", "123456789"),
    ];
    for (name, valid, right, wrong) in table {
        assert!(valid(&digits(right)) && !valid(&digits(wrong)), "{name} {right} {wrong}");
    }
}

#[test]
fn addresses() {
    check(&[
        ("email-address", "Ask [[anna.keller@firm-seven.eu]], she knows."),
        ("email-address", "(écrire à [[jérôme.petit@entreprise-sept.fr]])."),
        ("email-address", "Почта: [[почта@пример-семь.рф]]!"),
        ("email-address", "mailto:[[a_b+c@sub.firm-seven.co.uk]]; [[x@firm-seven.com]], and <[[y@firm-seven.com]]>"),
        (
            "email-address",
            "@anna.keller and @anna@social.example are handles, package@1.2.3 a version, git@host.org:a/b a repository",
        ),
        ("email-address", "me @ work, a@b, @, @@, a@.com, .@x.com, https://user:word@host.org/"),
        (
            "obfuscated-email-address",
            "[[jan (at) firm (dot) org]], [[j.peeters[at]firm.be]] and [[jan {arobase} firm {point} fr]]",
        ),
        ("obfuscated-email-address", "Look at amazon dot com; we meet (at 5) in Lille. Outlook at this point in time."),
    ]);
    let of = |text| detect("email-address", text).unwrap().remove(0);
    assert_eq!(of("user@example.com").confidence, Confidence::Low);
    assert_eq!(of("press@firm-seven.eu").severity, Some(Severity::Note));
    assert_eq!(of("Écrivez-moi : anna.keller@firm-seven.eu").severity, Some(Severity::Note));
    assert_eq!(of("The complaint of p.jansen@gmail.com is nonsense").confidence, Confidence::High);
}

#[test]
fn accounts_and_cards() {
    check(&[
        ("iban", "Overmaken op [[NL02 ABNA 0123 4567 89]] graag; of [[BE68-5390-0754-7034]]."),
        ("iban", "RIB : [[FR76\u{a0}3000\u{a0}6000\u{a0}0112\u{a0}3456\u{a0}7890\u{a0}189]] avant le 3."),
        ("iban", "[[mt84malt011000012345mtlcast001s]]"),
        ("iban", "op zijn rekening, [[BE99 1234 5678 9012]] dus"),
        ("iban", "счёт [[KZ00 8612 5KZT 5004 1001]]"),
        ("iban", "BE99 1234 5678 9012 without a word for an account; NL 25 people; GB 2024 0101 figures"),
        ("iban", "In FR 76 départements, 3000 communes et 6000 écoles ont répondu."),
        ("bank-account-number", "account number [[12435678X]] at the branch"),
        ("bank-account-number", "р/с [[40817810099910004312]] в банке"),
        ("bank-account-number", "numéro de compte : [[00123456789]]"),
        ("bank-account-number", "We account for 1200000 clients; our bank account grew by 400 000 €."),
        ("payment-card", "Her card [[4000 1234 5678 9017]] was refused. [[3700-123456-78905]]"),
        ("payment-card", "carte [[4000123456789017]]; карта [[2200 1234 5678 9019]]"),
        ("payment-card", "De kaart met nummer [[4000 1234 5678 9018]] is geweigerd"),
        ("payment-card", "Sales by year: 10 066 206 82 484 572 103"),
        ("payment-card", "3.14159265358979, tweet 1890123456789012347, https://x.com/a/status/4000123456789017"),
        ("payment-card", "4000,1234567890 and 1234 5678 9012 3456"),
    ]);
    assert_eq!(detect("payment-card", "4111 1111 1111 1111").unwrap()[0].confidence, Confidence::Low);
}

#[test]
fn telephones() {
    check(&[
        ("phone-number", "Appelez-moi au [[06 39 98 12 34]] ou au [[+33 (0)1 99 00 12 34]]."),
        ("phone-number", "bel [[06-12345678]], [[020-7654321]] of [[+31 6 1234 5678]]"),
        ("phone-number", "gsm [[0470 12 34 56]], vast [[02 123 45 67]]"),
        ("phone-number", "Звоните: [[8 (495) 555-01-47]], [[+7 900 555 01 47]], [[89005550147]]"),
        (
            "phone-number",
            "[[(212) 555-0147]], [[212-555-0147]], [[+1 212 555 0147]], [[020 7946 0958]], [[07700 900123]]",
        ),
        ("phone-number", "Ring her on [[0803 555 0142]]; the hotline is [[1-800-555-0199]]."),
        ("phone-number", "тел. [[555-01-47]]"),
        (
            "phone-number",
            "On 01.02.2024 10:30, on 2024-01-05, in 2019-2020, from 2019 - 2024, version 10.2.19041, 1.2.3.4",
        ),
        ("phone-number", "Revenue was 12 345 678 €, up from 9 876 543 €; +12 500 000 users; 1 200 000 000 roubles"),
        (
            "phone-number",
            "Order 212-555-0147, commande 0612345678, заказ 89005550147, ISBN 978-3-16-148410-0, order no. 1234567",
        ),
        ("phone-number", "We called 1200 customers in 2024 and 4500000 households"),
        ("phone-number", "La population est passée de 10 066 206 à 82 484 572 habitants."),
        ("phone-number", "https://x.com/i/status/0612345678 IMG_20240101_123456.jpg #0612345678"),
        ("phone-number", "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15"),
    ]);
    let of = |text| detect("phone-number", text).unwrap().remove(0);
    for company in [
        "0800 123 456",
        "8-800-555-01-47",
        "1-800-555-0199",
        "08 00 12 34 56",
        "Our hotline: +44 20 7946 0958",
        "Appelez-nous au 01 99 00 12 34",
        "Klantenservice: 020-7654321",
        "Горячая линия: 8 (495) 555-01-47",
    ] {
        assert_eq!(of(company).severity, Some(Severity::Note), "{company}");
    }
    for personal in
        ["bel Wouter privé op 06-12345678", "Appelez sa femme au 06 39 98 12 34", "с номера 8 900 555 01 47"]
    {
        assert_eq!(of(personal).severity, None, "{personal}");
    }
}

#[test]
fn identities() {
    check(&[
        ("us-social-security-number", "His SSN is [[471-33-8862]]."),
        (
            "us-social-security-number",
            "000-12-3456, 666-12-3456, 912-12-3456, 471-00-8862, 2024-01-0001, part 471-33-88620",
        ),
        ("national-identity-number", "NIR [[1 85 05 78 006 084 91]]; et [[284022A00412307]]"),
        ("national-identity-number", "numéro de sécurité sociale : [[1 85 05 78 006 084]]"),
        ("national-identity-number", "BSN [[770914536]], burgerservicenummer: [[7709.14.536]]"),
        ("national-identity-number", "Zijn rijksregisternummer is [[90.06.15-123.01]]."),
        ("national-identity-number", "СНИЛС [[112-233-445 95]], ИНН [[500123456750]], ИИН [[991231600121]]"),
        ("national-identity-number", "NI number [[AB 12 34 56 C]]"),
        (
            "national-identity-number",
            "ИНН 7707083893 компании; 770914536 euro; 112 233 445 95; SIREN 123456782; BSN is kort",
        ),
        ("identity-document-number", "паспорт [[45 08 123456]], паспорт серия [[4508 № 123456]]"),
        (
            "identity-document-number",
            "passport [[RX3901825]]; son passeport n° [[12AB34567]]; rijbewijs [[7204418835]]",
        ),
        ("identity-document-number", "Passport checks took 120000 hours; the passport of 2024; паспорт 2024 года"),
        (
            "vehicle-registration",
            "госномер [[А 123 ВС 77]], kenteken [[12-ABC-3]], plaque [[AB-123-CD]], license plate [[7ABC123]]",
        ),
        (
            "vehicle-registration",
            "номера в отеле; registration opens 12 March; plaque tournante 2024; a plate of 12 oysters",
        ),
    ]);
}

#[test]
fn postal_addresses() {
    check(&[
        ("postal-address", "Your router at [[22 Acacia Court]] is off; her flat is at [[14 Market Lane]]."),
        ("postal-address", "She [[lives at 9 Mill Road]] in York. His [[home address, 9 Mill Road]], is known."),
        (
            "postal-address",
            "M. Petit, votre colis pour [[12, rue des Tilleuls]] est revenu; votre commande pour la [[rue de l'Église 5]].",
        ),
        ("postal-address", "L'intéressée, [[domiciliée rue des Tilleuls]], a porté plainte."),
        (
            "postal-address",
            "Uw bestelling naar [[Beukenlaan 14b]] in Gent; B. Jansen, [[Molendreef 7]] in Aalst; hij [[woont in de Beukenlaan]]",
        ),
        ("postal-address", "haar [[thuisadres: Beukenlaan 14b]] in Raalte"),
        (
            "postal-address",
            "Ваш заказ на [[ул. Мира, д. 5]] вернули. Курьер [[живёт на Абая, 30]]. Долг: [[квартира 12]], Петрова А. С., 100 рублей",
        ),
        (
            "postal-address",
            "Bring your bike to 12 High Street. Our office is at 4 Park Lane. We moved to Wall Street 1 in 2019.",
        ),
        (
            "postal-address",
            "Le magasin du 12, rue des Tilleuls ouvre lundi. Votre agence, 5 avenue Foch. En 2024 rue de la Loi, 300 personnes.",
        ),
        (
            "postal-address",
            "Onze winkel, Beukenlaan 14, gaat open. Breng uw fiets naar Kerkstraat 5. De Wetstraat 16 zwijgt.",
        ),
        (
            "postal-address",
            "Новый магазин на ул. Мира, 5 открыт. Приносите ваш велосипед на проспект Мира, 5. Он живёт работой 30 лет.",
        ),
        (
            "postal-address",
            "She lives on 900 euro a month. He lives in 2 worlds. Your Top 10 Best Way to save. Ils habitent Lille depuis 2019.",
        ),
    ]);
}

#[test]
fn references() {
    check(&[
        (
            "customer-reference",
            "Your order [[88213-B]] left on Monday. Votre commande n° [[FR-2210457]]. Uw polisnummer [[4471-2290]]. Ваш заказ [[88213-Б]].",
        ),
        ("customer-reference", "We shipped order 88213-B; your order of 12 March 2024; your order of 12 500 €"),
        ("order-number", "Order no. [[88213-B]], dossier [[2210457]], заказ № [[8821345]]"),
        ("order-number", "In 2024 order intake was 45000 units; order 12"),
        ("ip-address", "blocked [[93.184.216.34]] today; version 10.2.30.45; 1.2.3.4; 999.1.1.1"),
        (
            "crypto-wallet",
            "Send to my BTC wallet [[1BoatSLRHtKNngkdXEeobR76b53LETtpyT]] or eth [[0x52908400098527886E0F7030069857D2E4169EE7]]",
        ),
        ("crypto-wallet", "commit 52908400098527886E0F7030069857D2E4169EE7"),
    ]);
}

#[test]
fn secrets() {
    // Cut in two, so that scanners of repositories have nothing to report here.
    let key = |prefix: &str| format!("{prefix}{}", "q7Zp2LmX9vTb4RkW8sYd3NcF6hJg1AeU0oVi");
    for prefix in ["ghp_", "gho_", "sk_live_", "sk-proj-", "hf_", "npm_", "glpat-", "xoxb-"] {
        let text = format!("use {} here", key(prefix));
        assert_eq!(found("api-key", &text), [key(prefix)], "{prefix}");
    }
    check(&[
        ("api-key", concat!("AWS: [[AKIA", "Q7ZP2LMX9VTB4RKW]]")),
        (
            "api-key",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, sk-your-api-key-here-please-now, AKIAIOSFODNN7EXAMPLE, sk_live_<token>",
        ),
        ("api-key", "a well-known go_live_date, sk-learn-contrib-something-long-name"),
        (
            "access-token",
            concat!(
                "Bearer [[q7Zp2LmX9vTb4RkW8sYd]], [[eyJ",
                "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3In0.q7Zp2LmX9vTb4RkW8sYd]]"
            ),
        ),
        ("access-token", "Bearer <token>, bearer securities, Bearer YOUR_TOKEN_HERE_12"),
        (
            "private-key",
            concat!("[[-----BEGIN RSA ", "PRIVATE KEY-----\nabc\n-----END RSA ", "PRIVATE KEY-----]]\nafter"),
        ),
        ("private-key", "-----BEGIN PUBLIC KEY-----"),
        ("password", "[[password: hunter22!x]]; the [[login guest, password Zima-Spring24]] works"),
        ("password", "[[Identifiant demo.admin, mot de passe Sardine!2024]]. [[Mdp = Azerty77x]]"),
        ("password", "[[gebruiker regie02 en wachtwoord Tulp!2291]], [[wachtwoord is Fiets-1234]]"),
        ("password", "[[логин guest, пароль Zima-Vesna24]]; [[пароль от вайфая: rjhjdf2024x]]"),
        ("password", "prod access is [[deploy_admin / Tangerine-Falcon-88]] until Monday"),
        ("password", "Just pass \"2a00:1450::68\" to it; [[pass: hunter22!x]]"),
        (
            "password",
            "A password of 12 characters; password: required; password123 is the most common password; password manager 1Password",
        ),
        (
            "password",
            "The password policy 2024: 16-character passwords, 2FA. Password reset in 24h. password-less login, password: ********",
        ),
        ("password", "Le mot de passe 123456 reste le plus courant. Un mot de passe fort : longueur et mémoire."),
        ("password", "Het meest gebruikte wachtwoord is welkom01. Wachtwoord vergeten? Wachtwoord: verplicht."),
        ("password", "Самый частый пароль — 123456. Пароль должен быть длинным. Логин/пароль выдаёт портал."),
        ("password", "Access to HR/Finance2024 pages and user/Company docs; admin and/or IT"),
        (
            "access-code",
            "[[PIN 4471]], [[door code: 7719#]], [[code PIN : 8842]], [[toegangscode 4471]], [[код от двери 8842]]",
        ),
        ("password", "[[Password for the admin panel: Tulip-2291x]]. [[Mot de passe du wifi invité : Tulipe2291]]"),
        (
            "password",
            "Password tips: 1Password, MFA, length. Password rules: 12characters. My advice on passwords: use ISO27001 tools",
        ),
        ("access-code", "[[Code du coffre de Liège : 7719]]; the access code is sent by text: 5 minutes later"),
        (
            "access-code",
            "PIN code 560001; promo code 3000; pin 12 medals; PIN 1234; access code pending; code d'accès à venir",
        ),
        ("connection-string", concat!("[[postgres://app:q7Zp2", "LmX9@db.firm.internal:5432/prod]] is down")),
        (
            "connection-string",
            "https://host.org/@user, postgres://user:password@localhost/db, https://a.b/c:d@e, mysql://user:<pass>@host",
        ),
        (
            "secret-string",
            "Ключ от хранилища: [[vd-4Ty8RnW2pQ]]. API key [[a81f3c9b2d7e4f60a5c1b8d9]]; client_secret=[[q7Zp2LmX9vTb]]",
        ),
        (
            "secret-string",
            "The key is trust. Key figures: Q3-2024, ISO27001-2022, COVID-19; token ERC20; clé de 12; ключ 7000-мм, key: product-launch-2024",
        ),
        ("recovery-phrase", "Seed phrase: [[apple brave candy delta eagle fancy giant habit image joker kite lemon]]."),
        ("recovery-phrase", "Seed phrase: never share it with anyone at all, not even with your bank or a friend."),
    ]);
}

#[test]
fn clean_prose_is_silent() {
    for text in [
        "In Q3 our repair time fell from 9 days to 4, because two technicians now sit in the warehouse. 1,234,567 parcels, 98.6 %, 12:30, 3 × 4.",
        "Au 31/12/2025, 12 345 678 € de chiffre d'affaires, 10 066 206 visites, 4 500 salariés et 0,5 % de rebuts. Rendez-vous le 12.03.2026 à 18 h 30.",
        "Op 12-03-2026 tekenden we voor 1.250.000 euro; 2.400 banen, 14 locaties, artikel 7:658 BW, wet van 11-04-2019.",
        "В 2025 году выручка выросла с 1 250 000 000 до 1 480 000 000 рублей; 12.03.2026, 18:30, ГОСТ 12.1.004-91, № 224-ФЗ.",
        "The code of conduct, the access road, the key question, a pass rate of 98.5%, user growth of 12%; login went from 4s to 2s.",
    ] {
        let all: Vec<_> = detect_all(text).into_iter().map(|(i, d)| (names()[i], &text[d.span])).collect();
        assert!(all.is_empty(), "{text}: {all:?}");
    }
}

#[test]
fn one_by_one_and_all_at_once_agree() {
    let text = "Write to anna@firm-seven.eu, pay BE68 5390 0754 7034, call 06-12345678; password: hunter22!x 🙂 Ключ: vd-4Ty8RnW2pQ «пароль» é";
    let mut one_by_one = Vec::new();
    for (i, name) in names().iter().enumerate() {
        one_by_one.extend(detect(name, text).unwrap().into_iter().map(|d| (i, d)));
    }
    assert_eq!(detect_all(text), one_by_one);
    assert!(one_by_one.len() >= 5);
    assert_eq!(detect("no-such", text), None);
}

/// No text makes a scanner look at the same bytes again and again, nor cut a character.
#[test]
fn hostile_texts() {
    for part in [
        "7",
        "7 ",
        "a@",
        "@a.",
        "eyJ",
        "password ",
        "at ",
        "(at",
        "x://a:",
        "call ",
        "1.2-3(4)",
        "-----BEGIN PRIVATE KEY-----",
        "key=a1B2c3D4e5",
        "be12",
        "паспорт 12 ",
        "+7 (",
        "«пароль",
        "é",
        "2a",
        "🙂1",
        "seed:a ",
        "user/",
        "номер",
    ] {
        let text = part.repeat(100_000 / part.len());
        let start = std::time::Instant::now();
        for (_, d) in detect_all(&text) {
            assert!(text.get(d.span).is_some());
        }
        assert!(start.elapsed().as_secs() < 5, "{part:?} took {:?}", start.elapsed());
    }
    // Every cut of a text that holds everything.
    let text = "Écrire à jérôme@entreprise.fr, carte 4000 1234 5678 9017, NIR 2 84 02 2A 004 123 07, «пароль: Тест-24x», plaque AB-123-CD, seed phrase: a, eth 0x52, Bearer q7Zp2LmX9v, user a_b / Xx-12345";
    for (i, _) in text.char_indices() {
        for part in [&text[i..], &text[..i]] {
            for (_, d) in detect_all(part) {
                assert!(part.get(d.span).is_some());
            }
        }
    }
}

#[test]
fn a_mask_shows_kind_and_length() {
    assert_eq!(mask("iban", "BE68 5390 0754 7034"), "[iban, 19 characters]");
}

/// Against labelled numbers that are not part of the repository: `DRAFTLINT_DATA=… cargo test -- --ignored measured`.
#[test]
#[ignore = "needs the folder of measuring data"]
fn measured() {
    let folder = std::env::var("DRAFTLINT_DATA").expect("DRAFTLINT_DATA names the folder of measuring data");
    let rows = |name: &str| -> Vec<serde_json::Value> {
        let text = std::fs::read_to_string(format!("{folder}/disclosure/{name}.dev.jsonl")).expect("a file of the set");
        text.lines().map(|l| serde_json::from_str(l).expect("a row")).collect()
    };
    let mut checked = 0;
    for row in rows("ids_checksum") {
        let (text, label) = (row["text"].as_str().unwrap(), row["label"].as_str().unwrap());
        let (kind, expected) = label.split_once(':').unwrap();
        let d = digits(text);
        let valid = match kind {
            "IBAN" => account::valid_iban(text),
            "FR_NIR" => identity::valid_nir(text),
            "FR_SIREN" => identity::valid_siren(&d),
            "NL_BSN" => identity::valid_bsn(&d),
            "BE_NN" => identity::valid_belgian(&d),
            "RU_INN" => identity::valid_inn(&d),
            "LUHN" => scan::luhn(&d),
            _ => continue,
        };
        checked += 1;
        assert_eq!(valid, expected == "valid", "{label}");
    }
    println!("{checked} numbers with check digits agree");
    for (label, name) in [
        ("EMAIL_ADDRESS", "email-address"),
        ("IBAN_CODE", "iban"),
        ("CREDIT_CARD", "payment-card"),
        ("US_SSN", "us-social-security-number"),
        ("PHONE_NUMBER", "phone-number"),
    ] {
        let (mut hit, mut wrong, mut missed) = (0, 0, 0);
        for row in rows("pii_presidio") {
            let text = row["text"].as_str().unwrap();
            let byte = |c: &serde_json::Value| {
                text.char_indices().nth(c.as_u64().unwrap() as usize).map_or(text.len(), |(b, _)| b)
            };
            let marks: Vec<Range<usize>> = row["spans"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|s| s[2] == label)
                .map(|s| byte(&s[0])..byte(&s[1]))
                .collect();
            let detections = detect(name, text).unwrap();
            let meet = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
            missed += marks.iter().filter(|m| !detections.iter().any(|d| meet(m, &d.span))).count();
            hit += marks.iter().filter(|m| detections.iter().any(|d| meet(m, &d.span))).count();
            wrong += detections.iter().filter(|d| !marks.iter().any(|m| meet(m, &d.span))).count();
        }
        println!("{name}: {hit} found, {wrong} wrong, {missed} missed");
        assert!(wrong * 10 <= hit && missed * 4 <= hit, "{name}");
    }
}

/// Every grouping of up to four groups of up to five digits, by its first digits, what joins it and what stands before it: a
/// shape that a reader of numbers had not foreseen must not bring it down.
#[test]
fn digits_of_every_shape_are_read() {
    let mut shapes: Vec<Vec<usize>> = vec![vec![]];
    for _ in 0..4 {
        let longer = shapes.iter().flat_map(|shape| (1..=5).map(|n| [&shape[..], &[n]].concat())).collect::<Vec<_>>();
        shapes.extend(longer);
        shapes.sort_unstable();
        shapes.dedup();
    }
    for shape in &shapes {
        for digits in [
            "12345678901234567890",
            "01234567890123456789",
            "00331234567890123456",
            "89991234567890123456",
            "77012345678901234567",
            "80012345678901234567",
        ] {
            for joint in [" ", "-", ".", "/", ") ("] {
                let mut left = digits;
                let groups: Vec<&str> = shape
                    .iter()
                    .map(|n| {
                        let (group, rest) = left.split_at(*n);
                        left = rest;
                        group
                    })
                    .collect();
                let number = groups.join(joint);
                for before in ["", "Call us: +", "(", "BSN ", "ИНН ", "IBAN NL", "карта "] {
                    let text = format!("{before}{number}");
                    for (_, found) in detect_all(&text) {
                        assert!(text.get(found.span.clone()).is_some(), "{text}");
                    }
                }
            }
        }
    }
}

//! Names across languages and scripts: `Anna Petrova` is `Анна Петрова`, `London` is `Londres`, `Londen` and `Лондон`.

use unicode_normalization::UnicodeNormalization;

/// Names of countries and cities that no rule of spelling joins; one group a line.
const PLACES: &[&[&str]] = &[
    &["germany", "allemagne", "duitsland", "герман"],
    &["netherlands", "holland", "bas", "pays", "nederland", "нидерланд", "голланд"],
    &["england", "angleterre", "engeland", "англи"],
    &["britain", "bretagne", "brittannië", "британи"],
    &["kingdom", "royaume", "koninkrijk", "королевств"],
    &["states", "états", "staten", "штат", "сша", "us", "usa", "vs"],
    &["united", "unis", "uni", "verenigde", "verenigd", "соединенн", "объединенн"],
    &["sweden", "suède", "zweden", "швеци"],
    &["switzerland", "suisse", "zwitserland", "швейцари"],
    &["hungary", "hongrie", "hongarije", "венгри"],
    &["greece", "grèce", "griekenland", "греци"],
    &["wales", "galles", "уэльс"],
    &["japan", "japon", "япони"],
    &["china", "chine", "китай", "китае", "китая"],
    &["hague", "haye", "haag", "гааг"],
    &["brussels", "bruxelles", "brussel", "брюссел"],
    &["antwerp", "anvers", "antwerpen", "антверпен"],
    &["lille", "rijsel"],
    &["liège", "luik", "льеж"],
    &["munich", "münchen", "мюнхен"],
    &["cologne", "keulen", "köln", "кельн"],
    &["vienna", "vienne", "wenen", "вен"],
    &["geneva", "genève", "женев"],
    &["moscow", "moscou", "moskou", "москв"],
    &["paris", "parijs", "париж"],
    &["ghent", "gand", "gent", "гент"],
    &["flanders", "flandre", "flandres", "vlaanderen", "фландри"],
    &["wallonia", "wallonie", "wallonië", "валлони"],
    &["namur", "namen", "намюр"],
    &["mons", "bergen", "монс"],
    &["leuven", "louvain", "левен"],
    &["bruges", "brugge", "брюгге"],
    &["kortrijk", "courtrai"],
    &["aachen", "aix", "aken", "ахен"],
    &["warsaw", "varsovie", "warschau", "варшав"],
    &["prague", "praag", "праг"],
    &["lisbon", "lisbonne", "lissabon", "лиссабон"],
    &["athens", "athènes", "athene", "афин"],
    &["cairo", "caire", "caïro", "каир"],
    &["beijing", "pékin", "peking", "пекин"],
    &["europe", "europa", "европ"],
    &["union", "unie", "союз"],
    &["america", "amérique", "amerika", "америк"],
    &["christmas", "noël", "kerst", "kerstmis", "рождеств"],
    &["easter", "pâques", "pasen", "пасх"],
];

/// The words of a version, folded, and their sounds.
#[derive(Default)]
pub struct Words {
    folded: Vec<String>,
    sounds: Vec<String>,
}

impl Words {
    /// Adds a folded word.
    pub fn push(&mut self, folded: &str) {
        self.folded.push(plain(folded));
        self.sounds.push(sound(folded));
    }

    /// Whether every telling word of the name stands here in some spelling. One word of several is enough when the others
    /// are near nothing: names of bodies are translated in part.
    pub fn hold(&self, name: &[String]) -> bool {
        let met = |word: &String| self.holds(word);
        let found = name.iter().filter(|w| met(w)).count();
        found == name.len() || (found > 0 && !name.iter().any(|w| !met(w) && self.nearly(w)))
    }

    fn holds(&self, word: &str) -> bool {
        let word_plain = plain(word);
        if self.folded.contains(&word_plain) || is_inflected(&word_plain, &self.folded) {
            return true;
        }
        if let Some(group) = PLACES.iter().find(|g| g.iter().any(|p| belongs(word, p))) {
            if group.iter().any(|p| self.folded.iter().any(|w| belongs(w, &plain(p)))) {
                return true;
            }
        }
        let s = sound(word);
        match s.len() {
            // too short to tell another spelling from another name
            0 | 1 => true,
            2 => self.sounds.iter().any(|o| *o == s || is_cyrillic(word) && o.starts_with(&s)),
            _ => self
                .sounds
                .iter()
                .any(|o| o.len() >= 2 && (alike(&s, o) || s.starts_with(&o[..o.len().min(3)]) && o.len() >= 3)),
        }
    }

    /// A word that differs from it by one letter: a slip rather than a translation.
    fn nearly(&self, word: &str) -> bool {
        let word = plain(word);
        word.chars().count() >= 5 && self.folded.iter().any(|o| *o != word && distance_one(&word, o))
    }
}

fn belongs(word: &str, place: &str) -> bool {
    plain(word)
        .strip_prefix(plain(place).as_str())
        .is_some_and(|rest| if is_cyrillic(place) { rest.chars().count() <= 3 } else { rest.is_empty() })
}

fn is_cyrillic(word: &str) -> bool {
    word.chars().any(|c| matches!(c, '\u{400}'..='\u{52f}'))
}

/// Without accents.
fn plain(word: &str) -> String {
    word.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')).collect()
}

/// The same word with a Russian ending or a Latin s.
fn is_inflected(word: &str, words: &[String]) -> bool {
    let stem = |w: &str| -> String {
        if is_cyrillic(w) {
            w.trim_end_matches(['а', 'я', 'о', 'е', 'у', 'ю', 'ы', 'и', 'й', 'ь', 'м', 'х']).to_owned()
        } else {
            w.trim_end_matches('s').to_owned()
        }
    };
    let s = stem(word);
    s.chars().count() >= 3 && words.iter().any(|w| stem(w) == s)
}

/// The consonants of a word, near enough that spellings of one name in four languages and two scripts give the same.
fn sound(word: &str) -> String {
    let mut latin = String::new();
    for c in plain(word).chars() {
        let letters = match c {
            'а' | 'э' | 'е' | 'и' | 'о' | 'у' | 'ы' | 'ю' | 'я' | 'й' | 'ь' | 'ъ' => "",
            'б' => "b",
            'в' => "v",
            'г' => "g",
            'д' => "d",
            'ж' => "j",
            'з' | 'с' => "s",
            'к' => "k",
            'л' => "l",
            'м' => "m",
            'н' => "n",
            'п' => "p",
            'р' => "r",
            'т' => "t",
            'ф' => "f",
            'х' => "h",
            'ц' => "ts",
            'ч' => "ch",
            'ш' => "sh",
            'щ' => "sch",
            c => {
                latin.push(c);
                continue;
            }
        };
        latin.push_str(letters);
    }
    let mut out = String::new();
    let letters: Vec<char> = latin.chars().collect();
    let mut i = 0;
    while i < letters.len() {
        let next = letters.get(i + 1).copied();
        let (sound, width) = match (letters[i], next) {
            ('p', Some('h')) => ('f', 2),
            ('s' | 'c', Some('h')) => ('c', 2),
            ('z' | 'k', Some('h')) => (if letters[i] == 'z' { 'j' } else { 'h' }, 2),
            ('t', Some('s' | 'c' | 'z')) => ('s', 2),
            ('a' | 'e' | 'i' | 'o' | 'u' | 'y', _) => ('\0', 1),
            ('h', _) => ('\0', 1),
            ('c' | 'q', _) => ('k', 1),
            ('w', _) => ('v', 1),
            ('z', _) => ('s', 1),
            ('x', _) => ('s', 1),
            (c, _) => (c, 1),
        };
        i += width;
        if sound != '\0' && sound.is_alphanumeric() && !out.ends_with(sound) {
            out.push(sound);
        }
    }
    // what is left may hold letters of other scripts: compared by bytes below, so kept to ASCII
    out.retain(|c| c.is_ascii());
    out
}

/// Equal, or different in one consonant of four or more, or one with an ending more.
fn alike(a: &str, b: &str) -> bool {
    a == b
        || (a.len().min(b.len()) >= 3 && (a.starts_with(b) || b.starts_with(a)) && a.len().abs_diff(b.len()) <= 2)
        || (a.len().min(b.len()) >= 4 && distance_one(a, b))
}

/// Whether one insertion, deletion, change or swap of neighbours makes one word the other.
fn distance_one(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    let (x, y) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    match (x, y) {
        ([], []) | ([_], []) | ([], [_]) | ([_], [_]) => true,
        ([p, q], [r, s]) => p == s && q == r,
        _ => false,
    }
}

//! XML Schema as far as `schemas/*.xsd` use it; a schema with anything else is refused rather than half understood.

use quick_xml::events::{BytesStart, Event};
use regex::Regex;
use std::collections::BTreeMap;

/// An element of an XML document.
#[derive(Debug, Default)]
pub struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub children: Vec<Element>,
    /// The text directly inside, white space between elements included.
    pub text: String,
}

impl Element {
    /// The root of a document; an error where it is not well formed.
    pub fn parse(document: &str) -> Result<Self, String> {
        let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
        if let Some(c) = document.chars().find(|c| !allowed(*c)) {
            return Err(format!("{c:?} is no character of XML"));
        }
        let mut reader = quick_xml::Reader::from_str(document);
        reader.config_mut().check_end_names = true;
        // the document itself, with the root as its child
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().map_err(|e| e.to_string())? {
                Event::Start(tag) => open.push(Self::of(&tag)?),
                Event::Empty(tag) => {
                    let element = Self::of(&tag)?;
                    open.last_mut().unwrap().children.push(element);
                }
                Event::End(_) => {
                    let element = open.pop().unwrap();
                    open.last_mut().ok_or("an end without a start")?.children.push(element);
                }
                Event::Text(text) => open.last_mut().unwrap().text += &text.decode().map_err(|e| e.to_string())?,
                Event::CData(text) => open.last_mut().unwrap().text += &text.decode().map_err(|e| e.to_string())?,
                // entities are seen one by one; in what is checked here they stand in attributes alone
                Event::GeneralRef(_) => open.last_mut().unwrap().text.push('?'),
                Event::Eof => break,
                Event::Decl(_) | Event::Comment(_) => {}
                other => return Err(format!("{other:?} is not expected")),
            }
        }
        let mut top = open.pop().filter(|_| open.is_empty()).ok_or("an element is never closed")?;
        match (top.children.len(), top.text.trim()) {
            (1, "") => Ok(top.children.remove(0)),
            (n, text) => Err(format!("{n} roots, and `{text}` beside them")),
        }
    }

    fn of(tag: &BytesStart<'_>) -> Result<Self, String> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|e| e.to_string());
        let mut attributes = BTreeMap::new();
        // a name given twice is an error of the iterator
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|e| e.to_string())?;
            let value = attribute.unescape_value().map_err(|e| e.to_string())?;
            if attribute.value.contains(&b'<') {
                return Err("a bare < in an attribute".to_owned());
            }
            attributes.insert(text(attribute.key.as_ref())?, value.into_owned());
        }
        Ok(Self { name: text(tag.name().as_ref())?, attributes, ..Self::default() })
    }

    fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).map(String::as_str)
    }

    fn must(&self, attribute: &str) -> &str {
        self.get(attribute).unwrap_or_else(|| panic!("{} without {attribute}", self.name))
    }

    /// Refuses what this reader of schemas does not know.
    fn knows(&self, attributes: &[&str], children: &[&str]) {
        for name in self.attributes.keys() {
            assert!(attributes.contains(&name.as_str()), "{} {name}: not known to this test", self.name);
        }
        for child in &self.children {
            let known = children.iter().any(|c| child.name == format!("xs:{c}"));
            assert!(known, "{} in {}: not known to this test", child.name, self.name);
        }
    }
}

/// What an element may hold.
#[derive(Clone)]
enum Type {
    /// Text alone, which this pattern describes.
    Simple(Regex),
    /// Elements and attributes.
    Complex {
        mixed: bool,
        /// The names of the children, each with a space after it, as a regular language.
        content: Regex,
        /// Whether it must be there, and its values.
        attributes: BTreeMap<String, (bool, Regex)>,
        /// Children that are not described at the top of the schema.
        local: BTreeMap<String, Type>,
    },
}

/// A schema, ready to check documents.
pub struct Schema {
    elements: BTreeMap<String, Type>,
}

/// The named types of a schema that is being read.
struct Types<'a> {
    simple: BTreeMap<&'a str, &'a Element>,
    complex: BTreeMap<&'a str, &'a Element>,
}

fn whole(pattern: &str) -> Regex {
    Regex::new(&format!("(?s)^(?:{pattern})$")).unwrap()
}

impl Types<'_> {
    fn simple(&self, name: &str) -> Option<Regex> {
        Some(match name {
            "xs:string" => whole(".*"),
            "xs:positiveInteger" => whole(r"\s*\+?0*[1-9][0-9]*\s*"),
            _ => {
                let of = self.simple.get(name)?;
                of.knows(&["name"], &["restriction"]);
                let restriction = &of.children[0];
                restriction.knows(&["base"], &["pattern"]);
                assert_eq!((restriction.must("base"), restriction.children.len()), ("xs:string", 1));
                whole(restriction.children[0].must("value"))
            }
        })
    }

    fn named(&self, name: &str) -> Type {
        match self.simple(name) {
            Some(pattern) => Type::Simple(pattern),
            None => self.complex(self.complex.get(name).unwrap_or_else(|| panic!("no type {name}"))),
        }
    }

    fn element(&self, element: &Element) -> Type {
        element.knows(&["name", "type", "minOccurs", "maxOccurs"], &["complexType"]);
        match element.get("type") {
            Some(name) => self.named(name),
            None => self.complex(&element.children[0]),
        }
    }

    fn complex(&self, of: &Element) -> Type {
        of.knows(&["name", "mixed"], &["sequence", "choice", "attribute"]);
        let mut attributes = BTreeMap::new();
        let mut content = String::new();
        let mut local = BTreeMap::new();
        for child in &of.children {
            if child.name == "xs:attribute" {
                child.knows(&["name", "type", "use"], &[]);
                let required = child.get("use").is_some_and(|u| u == "required");
                let values = self.simple(child.must("type")).unwrap();
                attributes.insert(child.must("name").to_owned(), (required, values));
            } else {
                assert_eq!(content, "", "two contents");
                content = self.particle(child, &mut local);
            }
        }
        Type::Complex { mixed: of.get("mixed") == Some("true"), content: whole(&content), attributes, local }
    }

    fn particle(&self, of: &Element, local: &mut BTreeMap<String, Type>) -> String {
        let what = match of.name.as_str() {
            "xs:element" => match of.get("ref") {
                Some(name) => format!("{name} "),
                None => {
                    local.insert(of.must("name").to_owned(), self.element(of));
                    format!("{} ", of.must("name"))
                }
            },
            group => {
                of.knows(&["minOccurs", "maxOccurs"], &["sequence", "choice", "element"]);
                let parts: Vec<String> = of.children.iter().map(|c| self.particle(c, local)).collect();
                parts.join(if group == "xs:choice" { "|" } else { "" })
            }
        };
        let most = of.get("maxOccurs").unwrap_or("1");
        format!("(?:{what}){{{},{}}}", of.get("minOccurs").unwrap_or("1"), if most == "unbounded" { "" } else { most })
    }
}

impl Schema {
    pub fn parse(text: &str) -> Self {
        let root = Element::parse(text).unwrap();
        root.knows(&["xmlns:xs"], &["element", "simpleType", "complexType"]);
        let named = |kind: &str| root.children.iter().filter(|c| c.name == kind).map(|c| (c.must("name"), c)).collect();
        let types = Types { simple: named("xs:simpleType"), complex: named("xs:complexType") };
        let elements: BTreeMap<&str, &Element> = named("xs:element");
        Self { elements: elements.iter().map(|(name, of)| ((*name).to_owned(), types.element(of))).collect() }
    }

    /// The root of a document that fits; an error with the place where it does not.
    pub fn check(&self, document: &str, root: &str) -> Result<Element, String> {
        let element = Element::parse(document)?;
        if element.name != root {
            return Err(format!("the root is {}, not {root}", element.name));
        }
        self.element(&element, &self.elements[root], root)?;
        Ok(element)
    }

    fn element(&self, element: &Element, of: &Type, place: &str) -> Result<(), String> {
        let (mixed, content, attributes, local) = match of {
            Type::Complex { mixed, content, attributes, local } => (*mixed, content, attributes, local),
            Type::Simple(values) => {
                let fits =
                    element.children.is_empty() && element.attributes.is_empty() && values.is_match(&element.text);
                return if fits { Ok(()) } else { Err(format!("{place}: text alone is allowed")) };
            }
        };
        if !mixed && !element.text.trim().is_empty() {
            return Err(format!("{place}: text between the elements"));
        }
        for (name, value) in &element.attributes {
            let (_, values) = attributes.get(name).ok_or_else(|| format!("{place}: attribute {name}"))?;
            if !values.is_match(value) {
                return Err(format!("{place}: {name} cannot be `{value}`"));
            }
        }
        if let Some((name, _)) = attributes.iter().find(|(n, (must, _))| *must && element.get(n).is_none()) {
            return Err(format!("{place}: no {name}"));
        }
        let names: String = element.children.iter().map(|c| format!("{} ", c.name)).collect();
        if !content.is_match(&names) {
            return Err(format!("{place}: holds {names}"));
        }
        for child in &element.children {
            let of = local.get(&child.name).unwrap_or_else(|| &self.elements[&child.name]);
            self.element(child, of, &format!("{place}/{}", child.name))?;
        }
        Ok(())
    }
}

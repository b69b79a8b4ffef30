//! Moments: a day, a time and a zone. An embargo without its zone ends at another hour for each reader.

use crate::date::Date;
use std::time::{SystemTime, UNIX_EPOCH};

/// A moment, and the day it falls on where it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Seconds after 1970-01-01T00:00Z.
    pub seconds: i64,
    /// The day in the zone it was written in.
    pub day: Date,
}

/// How a moment is written, for messages.
pub const FORM: &str = "2026-12-14T08:00+01:00 (date, time and zone)";

impl Moment {
    /// Reads `YYYY-MM-DDThh:mm`, seconds if there are any, and `Z` or `±hh:mm`. `None` when one of them is missing or wrong.
    pub fn parse(text: &str) -> Option<Self> {
        let (day_text, rest) = text.trim().split_once(['T', 't', ' '])?;
        let day = Date::parse(day_text)?;
        let at = rest.find(['Z', 'z', '+', '-', '−'])?;
        let (clock, zone) = rest.split_at(at);
        let mut parts = clock.trim_end().split(':');
        let (hour, minute) = (two_digits(parts.next()?)?, two_digits(parts.next()?)?);
        let second = parts.next().map_or(Some(0), two_digits)?;
        if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let offset = offset(zone)?;
        Some(Self { seconds: days(day) * 86_400 + hour * 3_600 + minute * 60 + second - offset, day })
    }

    /// Now.
    pub fn now() -> Self {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs()) as i64;
        Self { seconds, day: Date::from_days(seconds.div_euclid(86_400)) }
    }
}

/// Seconds east of Greenwich.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match zone.chars().next()? {
        '+' => (1, &zone[1..]),
        c => (-1, &zone[c.len_utf8()..]),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    (hours <= 14 && minutes <= 59).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn two_digits(text: &str) -> Option<i64> {
    (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Days after 1970-01-01; the reverse of [`Date::from_days`].
fn days(date: Date) -> i64 {
    let year = i64::from(date.year) - i64::from(date.month <= 2);
    let era = year.div_euclid(400);
    let yoe = year.rem_euclid(400);
    let month = i64::from(date.month);
    let doy = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + i64::from(date.day) - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

/// Where a term stands on the day of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Secret for as long as it is registered.
    Secret,
    /// Secret until a moment that is still to come.
    Embargoed,
    /// The moment has passed: the release should be out.
    Due,
}

/// The moment a draft is judged at: to the minute where it is known, else to the day.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    day: Date,
    moment: Option<Moment>,
}

impl Clock {
    /// From the draft's own date, where it gives a time and zone; else by the day. On the day that it is today, now.
    pub fn new(written: Option<&str>, day: Date) -> Self {
        let now = Moment::now();
        let moment = written.and_then(Moment::parse).filter(|m| m.day == day).or((now.day == day).then_some(now));
        Self { day, moment }
    }

    /// Where a term stands that is secret until `until`. A day alone has not passed the hour: the term stays embargoed on
    /// the day its embargo ends.
    pub fn standing(&self, until: Option<&Moment>) -> Standing {
        let Some(until) = until else { return Standing::Secret };
        let passed = match self.moment {
            Some(moment) => moment.seconds >= until.seconds,
            None => self.day > until.day,
        };
        if passed { Standing::Due } else { Standing::Embargoed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i64> {
        Moment::parse(text).map(|m| m.seconds)
    }

    #[test]
    fn moments_have_a_zone() {
        assert_eq!(seconds("1970-01-01T00:00Z"), Some(0));
        assert_eq!(seconds("2026-12-14T08:00+01:00"), seconds("2026-12-14T07:00:00Z"));
        assert_eq!(seconds("2026-12-13T23:30-02:30"), seconds("2026-12-14T02:00Z"));
        assert_eq!(seconds("2026-11-26T00:00Z"), Some(20_783 * 86_400));
        assert_eq!(seconds("2028-02-29T12:00+14:00"), seconds("2028-02-28T22:00Z"));
        for bad in [
            "2026-12-14",
            "2026-12-14T08:00",
            "2026-02-30T08:00Z",
            "2026-12-14T24:00Z",
            "2026-12-14T8:00Z",
            "2026-12-14T08:60Z",
            "2026-12-14T08:00+1",
            "2026-12-14T08:00+15:00",
            "2026-12-14T08:00 Europe/Paris",
            "tomorrow",
            "",
            "T",
            "2026-12-14T+01:00",
        ] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_day_there_and_back() {
        for day in [-719_528, -1, 0, 59, 60, 11_016, 20_783, 100_000] {
            assert_eq!(days(Date::from_days(day)), day);
        }
    }

    #[test]
    fn an_embargo_ends_at_its_hour() {
        let until = Moment::parse("2031-12-14T08:00+01:00");
        let on =
            |written: Option<&str>, day: &str| Clock::new(written, Date::parse(day).unwrap()).standing(until.as_ref());
        assert_eq!(on(None, "2031-12-13"), Standing::Embargoed);
        assert_eq!(on(None, "2031-12-14"), Standing::Embargoed);
        assert_eq!(on(None, "2031-12-15"), Standing::Due);
        assert_eq!(on(Some("2031-12-14T06:59Z"), "2031-12-14"), Standing::Embargoed);
        assert_eq!(on(Some("2031-12-14T07:00Z"), "2031-12-14"), Standing::Due);
        // a time that belongs to another day than the one that is asked for says nothing
        assert_eq!(on(Some("2031-12-16T07:00Z"), "2031-12-14"), Standing::Embargoed);
        assert_eq!(Clock::new(None, Date::parse("2031-12-15").unwrap()).standing(None), Standing::Secret);
    }
}

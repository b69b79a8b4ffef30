use super::{Checked, Format, View};
pub struct Checkstyle;
impl Format for Checkstyle {
    fn draft(&self, _view: &View<'_>, _checked: &Checked<'_>, _out: &mut Vec<u8>) {}
}

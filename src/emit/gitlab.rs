use super::{Checked, Format, View};
pub struct Gitlab;
impl Format for Gitlab {
    fn draft(&self, _view: &View<'_>, _checked: &Checked<'_>, _out: &mut Vec<u8>) {}
}

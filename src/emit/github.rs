use super::{Checked, Format, View};
pub struct Github;
impl Format for Github {
    fn draft(&self, _view: &View<'_>, _checked: &Checked<'_>, _out: &mut Vec<u8>) {}
}

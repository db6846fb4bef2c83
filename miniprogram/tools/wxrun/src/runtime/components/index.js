import { WxButton } from "./button.js";
import { WxCanvas } from "./canvas.js";
import {
  WxCheckbox,
  WxCheckboxGroup,
  WxRadio,
  WxRadioGroup,
  WxSlider,
  WxSwitch,
} from "./choices.js";
import { WxForm, WxLabel } from "./form.js";
import { WxImage } from "./image.js";
import { WxNavigator } from "./navigator.js";
import { WxPicker } from "./picker.js";
import {
  WxCoverView,
  WxIcon,
  WxPageMeta,
  WxProgress,
  WxRootPortal,
  WxText,
  WxView,
} from "./plain.js";
import { WxRichText } from "./rich-text.js";
import { WxScrollView } from "./scroll-view.js";
import { WxSwiper, WxSwiperItem } from "./swiper.js";
import { WxInput, WxTextarea } from "./text-controls.js";
import { WxVideo } from "./video.js";

/** Every built-in component of the runtime; build/elements.mjs lists the same names. */
export const components = {
  view: WxView,
  text: WxText,
  image: WxImage,
  icon: WxIcon,
  progress: WxProgress,
  button: WxButton,
  input: WxInput,
  textarea: WxTextarea,
  form: WxForm,
  label: WxLabel,
  checkbox: WxCheckbox,
  "checkbox-group": WxCheckboxGroup,
  radio: WxRadio,
  "radio-group": WxRadioGroup,
  switch: WxSwitch,
  slider: WxSlider,
  picker: WxPicker,
  "scroll-view": WxScrollView,
  swiper: WxSwiper,
  "swiper-item": WxSwiperItem,
  navigator: WxNavigator,
  "rich-text": WxRichText,
  video: WxVideo,
  canvas: WxCanvas,
  "page-meta": WxPageMeta,
  "root-portal": WxRootPortal,
  "cover-view": WxCoverView,
  "cover-image": class extends WxImage {},
};

export function defineComponents() {
  for (const [name, component] of Object.entries(components))
    customElements.define(`wx-${name}`, component);
}

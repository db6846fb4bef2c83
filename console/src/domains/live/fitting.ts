import { onBeforeUnmount, onMounted, ref, type Ref } from "vue";

const AT_FIRST = 3;

/** How many rows of a table an element has room for; all its rows are as high as the first. */
export function useFittingRows(box: Ref<HTMLElement | null>): Readonly<Ref<number>> {
  const rows = ref(AT_FIRST);

  function measure(): void {
    const height = box.value?.querySelector("tbody tr")?.getBoundingClientRect().height;
    if (box.value && height) rows.value = Math.max(1, Math.floor(box.value.clientHeight / height));
  }

  const resizing = new ResizeObserver(measure);
  onMounted(() => box.value && resizing.observe(box.value));
  onBeforeUnmount(() => resizing.disconnect());
  return rows;
}

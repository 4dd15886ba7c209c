// Looks at the page once it has come to rest, and answers what is wrong with it, a line each. Run by Audit.cs.
async () => {
  // Half-way from one colour to the next there may be no contrast; what moves for ever changes none.
  const ending = document.getAnimations().filter((motion) => motion.effect?.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(ending.map((motion) => motion.finished));
  const findings = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const visible = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const describe = (element) => {
    const id = element.dataset.testid ?? element.id;
    const tag = `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}"`;
    return `${tag}${id ? ` (${id})` : ""}> "${element.textContent.trim().slice(0, 30)}"`;
  };
  const labelledBy = (element) => (element.getAttribute("aria-labelledby") ?? "").split(" ")
    .map((id) => document.getElementById(id)?.textContent ?? "").join(" ");

  /** A rough accessible name: enough to tell that there is one. */
  const nameOf = (element) => {
    const labels = [...(element.labels ?? [])].map((label) => label.textContent).join(" ");
    const sources = [element.ariaLabel, labelledBy(element), labels, element.alt, element.textContent, element.title];
    return sources.find((text) => text?.trim()) ?? "";
  };

  function checkNames() {
    for (const element of all("a[href], button, input, select, textarea, img, [role=button], dialog, [role=dialog]")) {
      const decoration = element.matches("img") && element.getAttribute("alt") === "";
      if (!visible(element) || decoration || element.closest("[aria-hidden=true]")) continue;
      if (!nameOf(element)) findings.push(`no name: ${describe(element)}`);
    }
    for (const element of all("input, textarea")) {
      const named = element.labels?.length || element.ariaLabel || element.getAttribute("aria-labelledby");
      if (visible(element) && !named) findings.push(`no label: ${describe(element)}`);
    }
  }

  function checkStructure() {
    const ids = all("[id]").map((element) => element.id);
    const repeated = new Set(ids.filter((id, at) => ids.indexOf(id) !== at));
    for (const id of repeated) findings.push(`the id ${id} is there more than once`);
    for (const selector of ["main", "h1"]) {
      const count = all(selector).filter((element) => element.checkVisibility()).length;
      if (count !== 1) findings.push(`${count} visible <${selector}>, not one`);
    }
    if (!document.documentElement.lang) findings.push("<html> has no lang");
    if (!document.title.trim()) findings.push("no title");
    const viewport = document.querySelector('meta[name="viewport"]')?.content ?? "";
    if (/user-scalable=no|maximum-scale=1/.test(viewport)) findings.push("the viewport forbids zooming");
    for (const element of all("[tabindex]")) {
      if (element.tabIndex > 0) findings.push(`tabindex above 0: ${describe(element)}`);
    }
    for (const element of all("[aria-hidden=true] :is(a[href], button, input)")) {
      const reached = visible(element) && element.tabIndex >= 0;
      if (reached) findings.push(`can be reached but is hidden from readers: ${describe(element)}`);
    }
    const width = document.documentElement.scrollWidth;
    if (width > innerWidth + 1) findings.push(`the page is ${width} px wide in a ${innerWidth} px window`);
  }

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  /** Any CSS colour as [r, g, b, a]. */
  function rgba(color) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  }
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const luminance = ([r, g, b]) => [r, g, b].map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);

  /** The colour behind an element, or null where a picture, a gradient or a canvas may be. */
  function backdrop(element) {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const pictured = style.backgroundImage !== "none" || style.backdropFilter !== "none";
      if (pictured || at.matches(".stage-area, .air")) return null;
      const color = rgba(style.backgroundColor);
      layers.push(color);
      if (color[3] === 1) return layers.reduceRight((under, top) => over(top, under));
      if (style.position === "fixed" || style.position === "absolute") return null;
    }
    return layers.reduceRight((under, top) => over(top, under), [255, 255, 255, 1]);
  }

  const unread = ":disabled, [aria-disabled=true], [aria-hidden=true], script, style";

  function checkContrast() {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const element = node.parentElement;
      if (!node.textContent.trim() || !visible(element) || element.closest(unread)) continue;
      const behind = backdrop(element);
      if (!behind) continue;
      const style = getComputedStyle(element);
      const [light, dark] = [over(rgba(style.color), behind), behind].map(luminance).sort((a, b) => b - a);
      const ratio = (light + 0.05) / (dark + 0.05);
      const size = parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio < (large ? 3 : 4.5)) findings.push(`contrast ${ratio.toFixed(2)}: ${describe(element)}`);
    }
  }

  checkNames();
  checkStructure();
  checkContrast();
  return [...new Set(findings)];
}

// Looks at the page as it is and answers what is wrong with it, a line each. Run by AccessibilityTests.cs.
() => {
  const findings = [];
  const visible = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const describe = (element) => {
    const id = element.dataset.testid ?? element.id;
    return `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}"${id ? ` (${id})` : ""}> "${element.textContent.trim().slice(0, 30)}"`;
  };

  /** A rough accessible name: enough to tell that there is one. */
  const nameOf = (element) => {
    const labelled = (element.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
    const labels = [...(element.labels ?? [])].map((label) => label.textContent).join(" ");
    return [element.getAttribute("aria-label"), labelled, labels, element.alt, element.textContent, element.title].find((text) => text?.trim()) ?? "";
  };

  function checkNames() {
    for (const element of document.querySelectorAll("a[href], button, input, select, textarea, img, [role=button], dialog, [role=dialog]")) {
      const decoration = element.matches("img") && element.getAttribute("alt") === "";
      if (visible(element) && !decoration && !element.closest("[aria-hidden=true]") && !nameOf(element)) findings.push(`no name: ${describe(element)}`);
    }
    for (const element of document.querySelectorAll("input, textarea")) {
      const named = element.labels?.length || element.ariaLabel || element.getAttribute("aria-labelledby");
      if (visible(element) && !named) findings.push(`no label: ${describe(element)}`);
    }
  }

  function checkStructure() {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) findings.push(`the id ${id} is there more than once`);
    for (const selector of ["main", "h1"]) {
      const count = [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility()).length;
      if (count !== 1) findings.push(`${count} visible <${selector}>, not one`);
    }
    if (!document.documentElement.lang) findings.push("<html> has no lang");
    if (!document.title.trim()) findings.push("no title");
    if (document.querySelector('meta[name="viewport"][content*="user-scalable=no"], meta[name="viewport"][content*="maximum-scale=1"]')) {
      findings.push("the viewport forbids zooming");
    }
    for (const element of document.querySelectorAll("[tabindex]")) if (element.tabIndex > 0) findings.push(`tabindex above 0: ${describe(element)}`);
    for (const element of document.querySelectorAll("[aria-hidden=true] :is(a[href], button, input)")) {
      if (visible(element) && element.tabIndex >= 0) findings.push(`can be reached but is hidden from readers: ${describe(element)}`);
    }
    if (document.documentElement.scrollWidth > innerWidth + 1) findings.push(`the page is ${document.documentElement.scrollWidth} px wide in a ${innerWidth} px window`);
  }

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  /** Any CSS colour as [r, g, b, a], over white or another colour. */
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
      if (style.backgroundImage !== "none" || style.backdropFilter !== "none" || at.matches(".stage-area, .air, dialog::backdrop")) return null;
      const color = rgba(style.backgroundColor);
      layers.push(color);
      if (color[3] === 1) return layers.reduceRight((under, top) => over(top, under));
      if (style.position === "fixed" || style.position === "absolute") return null;
    }
    return layers.reduceRight((under, top) => over(top, under), rgba(getComputedStyle(document.documentElement).backgroundColor));
  }

  function checkContrast() {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const element = node.parentElement;
      if (!node.textContent.trim() || !visible(element) || element.closest(":disabled, [aria-disabled=true], [aria-hidden=true], script, style")) continue;
      const style = getComputedStyle(element);
      const behind = backdrop(element);
      if (!behind) continue;
      const [light, dark] = [luminance(over(rgba(style.color), behind)), luminance(behind)].sort((a, b) => b - a);
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

(() => {
  const form = document.getElementById("filters");
  form.hidden = false;
  const findings = [...document.querySelectorAll(".finding")];
  const filter = () => {
    const text = form.text.value.toLowerCase();
    for (const finding of findings) {
      const severity = ["error", "warning", "advice"].find((name) => finding.classList.contains(name));
      finding.hidden = !form[severity].checked || !finding.textContent.toLowerCase().includes(text);
    }
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  const open = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const holder = target && target.closest("details");
    if (holder) { holder.open = true; target.scrollIntoView({ block: "center" }); }
  };
  addEventListener("hashchange", open);
  open();
})();

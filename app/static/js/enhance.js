// Everything works without this file. It lets Escape close the panel, as its "Back to the list" link does.
document.addEventListener("keydown", (event) => {
  const back = document.getElementById("close-panel");
  const typing = event.target instanceof Element && event.target.closest("input, select, textarea");
  if (event.key === "Escape" && back && !typing) {
    back.click();
  }
});

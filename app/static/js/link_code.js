/* Takes the code of an e-mail's link into the form of this page. It stands behind #, which browsers send to nobody, and is
   taken out of the address at once, so that neither the history nor a screenshot keeps it. */
const field = document.getElementById("code");
if (field && location.hash.length > 1) {
  field.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  document.getElementById("password").focus();
}

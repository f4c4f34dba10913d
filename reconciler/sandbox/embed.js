"use strict";
// Comfort only: the forms work without it. Shows the time left, sends on Ctrl+Enter, and sends once.
for (const form of document.forms) {
  form.addEventListener("submit", () => {
    form.querySelector("button").disabled = true;
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  const left = document.getElementById("left");
  const seconds = Number(form.dataset.seconds);
  if (left && seconds) {
    const end = Date.now() + seconds * 1000;
    const show = () => {
      const rest = Math.max(0, Math.round((end - Date.now()) / 1000));
      left.textContent = rest ? `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")} left` : "The time is over.";
    };
    show();
    setInterval(show, 500);
  }
}
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button")) button.disabled = false;
});

// Gradio translates its labels to the browser's language; here it is the one that the page is in.
Object.defineProperty(navigator, "language", { value: document.documentElement.lang });

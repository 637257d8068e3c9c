// How the browser is started: the Chromium that is installed, and nothing that reaches out to the net.
export const browser = {
  browserName: "chromium" as const,
  locale: "en-GB",
  timezoneId: "Europe/London",
  permissions: ["clipboard-read", "clipboard-write"],
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  },
};

/** What the marks on the cards come from, and what of a plan concerns no single post. */

import { find, make } from "./dom.js";
import * as store from "./store.js";

export function begin() {
  const place = make("div", { id: "studio-compared", class: "about", role: "status" });
  find("#studio-problems").after(place);
  store.watch(() => {
    const { calendars } = store.known();
    place.replaceChildren(...calendars.flatMap(({ name, compared, alarms }) => [
      ...alarms.map((alarm) => make("p", { class: "stop" }, alarm)),
      ...(compared ? [make("p", {}, calendars.length > 1 ? `${name}: ${compared}` : compared)] : []),
    ]));
  });
}

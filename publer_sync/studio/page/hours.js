/** The hours of a day over the week's columns while a post is dragged there, from midnight at the top to midnight at the bottom. */

import { find, make } from "./dom.js";

const STEP = 30; // minutes
const FINE = 5; // minutes, with Shift
const STILL = 24; // pixels up or down within which the time stays
const DAY = 24 * 60;

/** @param {number} minutes */
const clock = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

export class Hours {
  /**
   * @param {string} time of the post
   * @param {number} y where the pointer took it, in the window
   */
  constructor(time, y) {
    this.time = time;
    this.y = y;
    const grid = find("#grid").getBoundingClientRect(), head = find("#grid .number").offsetHeight;
    this.top = Math.max(8, grid.top + head + 12);
    this.height = Math.max(240, window.innerHeight - 12 - this.top);
    this.element = make("div", { class: "hours", "aria-hidden": "true" });
    this.element.style.cssText = `left: ${grid.left}px; width: ${grid.width}px; top: ${this.top}px; height: ${this.height}px`;
    const each = this.height < 24 * 16 ? 3 : 1;
    for (let hour = 0; hour < 24; hour += each) {
      const line = make("i", {}, clock(hour * 60));
      line.style.top = `${(hour / 24) * 100}%`;
      this.element.append(line);
    }
    this.now = make("b");
    this.element.append(this.now);
    find("body").append(this.element);
  }

  /** The time at a height: that of the post while the pointer only went sideways, and on the names of the days. @param {number} y @param {boolean} fine */
  at(y, fine) {
    const stays = Math.abs(y - this.y) < STILL || y < this.top, step = fine ? FINE : STEP;
    const minutes = Math.round((((y - this.top) / this.height) * DAY) / step) * step;
    const time = stays ? this.time : clock(Math.min(DAY - step, Math.max(0, minutes)));
    this.now.hidden = stays;
    this.now.style.top = `${((y - this.top) / this.height) * 100}%`;
    return time;
  }

  end() {
    this.element.remove();
  }
}

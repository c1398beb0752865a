/** The hours of a day beside a drag in the week: from where the pointer took the post, up is earlier and down is later. */

import { find, make } from "./dom.js";

const STEP = 30; // minutes
const LEAST = 6; // pixels of an hour
const STILL = 10; // pixels within which the time stays
const DAY = 24 * 60;

/** @param {number} minutes */
const clock = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

export class Hours {
  /**
   * @param {string} time of the post
   * @param {number} y where the pointer took it, in the window
   */
  constructor(time, y) {
    const [hour = 0, minute = 0] = time.split(":").map(Number);
    this.own = hour * 60 + minute;
    this.time = time;
    this.y = y;
    const grid = find("#grid").getBoundingClientRect(), head = find("#grid .number").offsetHeight;
    const top = Math.max(8, grid.top + head), bottom = window.innerHeight - 12;
    this.above = Math.max(LEAST, this.own ? ((y - top) / this.own) * 60 : 0);
    this.below = Math.max(LEAST, ((bottom - y) / (DAY - this.own)) * 60);
    this.element = make("div", { class: "hours", "aria-hidden": "true" });
    this.element.style.left = `${grid.left}px`;
    this.element.style.width = `${grid.width}px`;
    const each = Math.min(this.above, this.below) < 14 ? 3 : 1;
    for (let at = 0; at < 24; at += each) {
      const line = make("i", {}, clock(at * 60));
      line.style.top = `${this.place(at * 60)}px`;
      this.element.append(line);
    }
    find("body").append(this.element);
  }

  /** The height at which a minute of the day is. @param {number} minutes */
  place(minutes) {
    const hours = (minutes - this.own) / 60;
    return this.y + hours * (hours < 0 ? this.above : this.below);
  }

  /** The time at a height. @param {number} y @param {boolean} fine */
  at(y, fine) {
    const way = y - this.y;
    if (Math.abs(way) < STILL) return this.time;
    const step = fine ? 5 : STEP;
    const minutes = this.own + (way / (way < 0 ? this.above : this.below)) * 60;
    return clock(Math.min(DAY - step, Math.max(0, Math.round(minutes / step) * step)));
  }

  end() {
    this.element.remove();
  }
}

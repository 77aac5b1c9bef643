// A line of the last minute, one value a second, with its newest in words.

const kept = 60;

export class Chart {
  #values = [];
  #figure;
  #color;
  #words;

  constructor(figure, color, words) {
    this.#figure = figure;
    this.#color = color;
    this.#words = words;
    new ResizeObserver(() => this.#draw()).observe(figure);
  }

  add(value) {
    this.#values.push(value);
    if (this.#values.length > kept) this.#values.shift();
    this.#figure.querySelector('output').textContent = value === null ? '–' : this.#words(value);
    this.#draw();
  }

  #draw() {
    const canvas = this.#figure.querySelector('canvas');
    const scale = devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    canvas.width = width * scale;
    canvas.height = height * scale;
    const context = canvas.getContext('2d');
    context.scale(scale, scale);
    context.strokeStyle = '#141b2e';
    for (const y of [0.5, height / 2, height - 0.5]) {
      context.beginPath();
      context.moveTo(0, y);
      context.lineTo(width, y);
      context.stroke();
    }
    const top = 1.15 * Math.max(...this.#values.map(value => value ?? 0), 1e-9);
    const at = (value, i) => [
      width - ((this.#values.length - 1 - i) / (kept - 1)) * width,
      height - 2 - (value / top) * (height - 4),
    ];
    context.strokeStyle = this.#color;
    context.lineWidth = 1.5;
    context.lineJoin = 'round';
    // A second without a value is a gap.
    context.beginPath();
    let isDrawing = false;
    for (const [i, value] of this.#values.entries()) {
      if (value !== null) context[isDrawing ? 'lineTo' : 'moveTo'](...at(value, i));
      isDrawing = value !== null;
    }
    context.stroke();
    const last = this.#values.at(-1) ?? null;
    if (last === null) return;
    const [x, y] = at(last, this.#values.length - 1);
    context.fillStyle = this.#color;
    context.beginPath();
    context.arc(x - 2, y, 2.5, 0, 2 * Math.PI);
    context.fill();
  }
}

// Lines over time, drawn as SVG. A chart holds its samples, one a second; a gap is a sample of null.

const SVG = 'http://www.w3.org/2000/svg';

function shape(name, attributes, parent) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  parent?.append(element);
  return element;
}

/** The least of 1, 2 and 5 times a power of ten that is not below the value: a scale that seldom moves. */
function ceiling(value) {
  if (value <= 0) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value);
}

/** A path through the samples, the newest at the right edge, interrupted where there are none. */
function path(samples, length, width, height, top) {
  let text = '';
  let open = false;
  samples.forEach((sample, i) => {
    if (sample === null) {
      open = false;
      return;
    }
    const x = (length - samples.length + i) * width / (length - 1);
    text += `${open ? 'L' : 'M'}${x.toFixed(1)} ${(height - sample / top * height).toFixed(1)}`;
    open = true;
  });
  return text;
}

class Samples {
  constructor(length) {
    this.length = length;
    this.values = [];
  }

  push(value) {
    this.values.push(value);
    if (this.values.length > this.length) {
      this.values.shift();
    }
  }

  peak() {
    return Math.max(0, ...this.values.map(value => value ?? 0));
  }
}

/** A figure with one or two lines, what they say now, and the highest of the window. */
export class Chart {
  static WIDTH = 240;
  static HEIGHT = 72;

  constructor(title, names, format, length) {
    this.title = title;
    this.names = names;
    this.format = format;
    this.length = length;
    this.lines = names.map(() => new Samples(length));
    this.figure = document.createElement('figure');
    const caption = document.createElement('figcaption');
    const heading = document.createElement('b');
    heading.textContent = title;
    caption.append(heading);
    this.now = names.map((name, i) => {
      const key = document.createElement('span');
      key.className = i === 0 ? 'key' : 'key second';
      caption.append(key);
      return key;
    });
    this.svg = shape('svg', {
      class: 'chart', role: 'img', viewBox: `0 0 ${Chart.WIDTH} ${Chart.HEIGHT}`, preserveAspectRatio: 'none',
    });
    for (const y of [0, Chart.HEIGHT / 2, Chart.HEIGHT]) {
      shape('line', {class: 'axis', x1: 0, x2: Chart.WIDTH, y1: y, y2: y}, this.svg);
    }
    this.area = shape('path', {class: 'area'}, this.svg);
    this.paths = names.map((name, i) => shape('path', {class: i === 0 ? 'one' : 'two'}, this.svg));
    const below = document.createElement('p');
    below.className = 'peak';
    this.peak = document.createElement('span');
    this.scale = document.createElement('span');
    this.scale.className = 'scale';
    below.append(this.peak, this.scale);
    this.figure.append(caption, this.svg, below);
    this.draw();
  }

  push(...values) {
    this.lines.forEach((line, i) => line.push(values[i]));
  }

  gap(seconds) {
    for (let i = 0; i < Math.min(seconds, this.length); i++) {
      this.push(...this.lines.map(() => null));
    }
  }

  draw() {
    const peak = Math.max(...this.lines.map(line => line.peak()));
    const top = ceiling(peak);
    this.lines.forEach((line, i) => {
      this.paths[i].setAttribute('d', path(line.values, this.length, Chart.WIDTH, Chart.HEIGHT, top));
    });
    this.area.setAttribute('d', this.filled(this.lines[0].values, top));
    const says = this.names.map((name, i) => {
      const value = this.lines[i].values.at(-1);
      return `${value == null ? '–' : this.format(value)}${name ? ' ' + name : ''}`;
    });
    says.forEach((text, i) => {
      this.now[i].textContent = text;
    });
    this.peak.textContent = `max ${this.format(peak)}`;
    this.scale.textContent = `scale ${this.format(top)}`;
    this.svg.setAttribute('aria-label', `${this.title}: now ${says.join(', ')}; highest ${this.format(peak)}`);
  }

  /** The area below the first line, piece by piece between gaps. */
  filled(values, top) {
    let text = '';
    let from = -1;
    for (let i = 0; i <= values.length; i++) {
      if (i < values.length && values[i] !== null) {
        from = from < 0 ? i : from;
      } else if (from >= 0) {
        const x = index => ((this.length - values.length + index) * Chart.WIDTH / (this.length - 1)).toFixed(1);
        const piece = values.map((value, at) => (at >= from && at < i ? value : null));
        text += path(piece, this.length, Chart.WIDTH, Chart.HEIGHT, top)
          + `L${x(i - 1)} ${Chart.HEIGHT}L${x(from)} ${Chart.HEIGHT}Z`;
        from = -1;
      }
    }
    return text;
  }
}

/** One line without words; what it shows stands in the cells beside it. */
export class Spark {
  static WIDTH = 112;
  static HEIGHT = 18;

  constructor(length) {
    this.length = length;
    this.line = new Samples(length);
    this.svg = shape('svg', {
      class: 'chart spark', 'aria-hidden': 'true', viewBox: `0 0 ${Spark.WIDTH} ${Spark.HEIGHT}`,
      preserveAspectRatio: 'none',
    });
    shape('line', {class: 'axis', x1: 0, x2: Spark.WIDTH, y1: Spark.HEIGHT, y2: Spark.HEIGHT}, this.svg);
    this.path = shape('path', {class: 'one'}, this.svg);
  }

  push(value) {
    this.line.push(value);
  }

  draw() {
    const top = Math.max(1, this.line.peak());
    this.path.setAttribute('d', path(this.line.values, this.length, Spark.WIDTH, Spark.HEIGHT, top));
  }
}

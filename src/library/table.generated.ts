// Generated from the .nn files beside it by scripts/embed-library.ts; do not edit.
/** Owns the standard library as text: its files, and which of them defines which name. */

export const library: ReadonlyMap<string, string> = new Map([
  [
    "activations.nn",
    `/// max(x, 0) (Nair and Hinton, 2010).
layer relu(x: [...]) -> [...] { return max(x, 0) }

/// x above 0, slope·x below (Maas et al., 2013).
layer leaky_relu(x: [...], slope: float = 0.01) -> [...] { return where(x > 0, x, slope * x) }

/// x above 0, slope·x below, with one learned slope for each place along the last axis, or one for all (He et al., 2015).
layer prelu(x: [..., n], slope: float = 0.25, shared: bool = false) -> [..., n] {
  param w: [if shared { 1 } else { n }] = constant(slope)
  return where(x > 0, x, w * x)
}

/// x above 0, alpha·(exp(x) - 1) below (Clevert et al., 2016). What is not chosen must not overflow: infinity times the
/// 0 that comes back to it is no gradient.
layer elu(x: [...], alpha: float = 1) -> [...] { return where(x > 0, x, alpha * expm1(min(0, x))) }

/// The exponential linear unit that keeps mean 0 and variance 1 (Klambauer et al., 2017).
layer selu(x: [...]) -> [...] {
  scale = 1.0507009873554804934193349852946
  alpha = 1.6732632423543772848170429916717
  return scale * elu(x, alpha: alpha)
}

/// x·Φ(x), with Φ the distribution function of the normal distribution (Hendrycks and Gimpel, 2016).
layer gelu(x: [...]) -> [...] { return 0.5 * x * (1 + erf(x / sqrt(2))) }

/// The approximation of \`gelu\` with tanh.
layer gelu_tanh(x: [...]) -> [...] {
  return 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x * x * x)))
}

/// x·sigmoid(x), also called swish (Ramachandran et al., 2017).
layer silu(x: [...]) -> [...] { return x * sigmoid(x) }

/// x·tanh(softplus(x)) (Misra, 2019).
layer mish(x: [...]) -> [...] { return x * tanh(softplus(x)) }

/// log(1 + exp(beta·x)) / beta, without overflow. At 0 a gradient takes the second of two equals: here none and half of one,
/// which -abs(x) would not give.
layer softplus(x: [...], beta: float = 1) -> [...] {
  return (max(beta * x, 0) + log1p(exp(min(-beta * x, beta * x)))) / beta
}

/// x / (1 + |x|).
layer softsign(x: [...]) -> [...] { return x / (1 + abs(x)) }

/// A sigmoid of straight lines, with slope 1/6 around 0 (Howard et al., 2019).
layer hard_sigmoid(x: [...]) -> [...] { return min(max(x + 3, 0), 6) / 6 }

/// x·hard_sigmoid(x) (Howard et al., 2019).
layer hard_swish(x: [...]) -> [...] { return x * min(max(x + 3, 0), 6) / 6 }

/// exp(x) / Σ exp(x) over the last axis; the largest score is taken off first, so that nothing overflows.
layer softmax(x: [..., n]) -> [..., n] {
  shifted = exp(x - stop_gradient(max(x, over: -1, keep: true)))
  return shifted / sum(shifted, over: -1, keep: true)
}

/// The logarithm of \`softmax\`, x - log Σ exp(x), over the last axis.
layer log_softmax(x: [..., n]) -> [..., n] {
  shifted = x - stop_gradient(max(x, over: -1, keep: true))
  return shifted - log(sum(exp(shifted), over: -1, keep: true))
}

/// log Σ exp(x) over the last axis, without overflow.
layer logsumexp(x: [..., n]) -> [...] {
  largest = stop_gradient(max(x, over: -1, keep: true))
  return squeeze(largest + log(sum(exp(x - largest), over: -1, keep: true)))
}

/// One half of the last axis times σ of the other (Dauphin et al., 2017).
layer glu(x: [..., n]) -> [..., n / 2] {
  require n % 2 == 0, "the last axis has two halves"
  y, gate = split(x, 2)
  return y * sigmoid(gate)
}
`,
  ],
  [
    "attention.nn",
    `/// Scores of queries (rows) for keys (columns) so that no query sees a key behind it: softmax leaves nothing of those.
layer mask_future(scores: [..., m, n]) -> [..., m, n] {
  ahead[i < m, j < n] = where(j <= i, 0, 1)
  return where(ahead > 0, -1e30, scores)
}

/// softmax(q·kᵀ·scale + bias)·v (Vaswani et al., 2017), the scale 1/√d unless another is given. With \`causal\` no query sees
/// a key behind it; \`blocked\` is 1 where a key may not be seen.
layer scaled_dot_product(q: [..., m, d], k: [..., n, d], v: [..., n, e], bias: [..., m, n] = 0, blocked: [..., m, n] = 0,
  scale: float = 1 / sqrt(d), causal: bool = false) -> [..., m, e] {
  scores = where(blocked > 0, -1e30, q @ transpose(k) * scale + bias)
  if causal { scores = mask_future(scores) }
  return softmax(scores) @ v
}

/// Attention by several heads, each with its own slice of the width (Vaswani et al., 2017): queries are linear in x, keys
/// and values in \`source\`, which is x itself unless given. \`ignored\` is 1 where a place of the source is only padding.
/// With fewer \`key_heads\` several heads share keys and values (Ainslie et al., 2023).
layer multi_head_attention(x: [batch, m, width], source: [batch, n, c] = x, ignored: [batch, n] = fill(0, [batch, n]),
  heads: int = 1, key_heads: int = heads, units: int = width, causal: bool = false, bias: bool = true) -> [batch, m, units] {
  require units % heads == 0, "the width divides into the heads"
  require heads % key_heads == 0, "the heads divide among the keys"
  each = units / heads
  q = x -> dense(units, bias: bias) -> reshape([batch, m, key_heads, heads / key_heads, each])
  k = source -> dense(key_heads * each, bias: bias) -> reshape([batch, n, key_heads, each])
  v = source -> dense(key_heads * each, bias: bias) -> reshape([batch, n, key_heads, each])
  raw[b, h, g, i, j] = sum(q[b, i, h, g, d] * k[b, j, h, d], over: d)
  scores[b, h, g, i, j] = where(ignored[b, j] > 0, -1e30, raw[b, h, g, i, j] / sqrt(each))
  if causal { scores = mask_future(scores) }
  weights = softmax(scores)
  mixed[b, i, h, g, d] = sum(weights[b, h, g, i, j] * v[b, j, h, d], over: j)
  y = mixed -> reshape([batch, m, units]) -> dense(units, bias: bias)
  return y
}

/// A number as many: sin and cos of t / base^(2k/width) (Vaswani et al., 2017), in turns, or first the sines and then the
/// cosines.
layer sinusoidal(t: [...] | index(n)[...], width: int, base: float = 10000, layout: interleaved | halves = interleaved)
  -> [..., width] {
  require width % 2 == 0, "there are as many sines as cosines"
  slowness[k < width / 2] = base ** (2 * k / width)
  angle = unsqueeze(to_float(t)) / slowness
  if layout == halves { return concat(sin(angle), cos(angle)) }
  return concat(unsqueeze(sin(angle)), unsqueeze(cos(angle))) -> reshape([..., width])
}

/// x plus what \`sinusoidal\` makes of each position (Vaswani et al., 2017).
layer sinusoidal_positions(x: [batch, time, width], base: float = 10000, offset: int = 0, layout: interleaved | halves = interleaved)
  -> [batch, time, width] {
  place[t < time] = t + offset
  return x + sinusoidal(place, width, base: base, layout: layout)
}

/// x plus a learned vector for each position (Gehring et al., 2017), for sequences up to \`limit\` long.
layer positions(x: [batch, time, width], limit: int) -> [batch, time, width] {
  param table: [limit, width] = normal(deviation: 0.02)
  return x + table[:time]
}

/// Pairs of components turned by position / base^(2k/turned), so that an inner product tells how far two positions lie apart
/// (Su et al., 2021): a·cos - b·sin and a·sin + b·cos. Pairs are neighbours, or a component and the one half of \`turned\`
/// behind it; what lies beyond \`turned\` stays.
layer rope(x: [batch, time, ..., d], base: float = 10000, offset: int = 0, turned: int = d, layout: interleaved | halves = interleaved)
  -> [batch, time, ..., d] {
  require turned % 2 == 0 and turned <= d, "pairs are turned, of components that are there"
  half = turned / 2
  angle[t < time, k < half] = (t + offset) / base ** (2 * k / turned)
  near = cos(angle)
  far = sin(angle)
  parts = x -> reshape([batch, time, product(...), d])
  pairs = parts[:, :, :, :turned]
  if layout == interleaved {
    pairs = pairs -> reshape([batch, time, product(...), half, 2])
    first = pairs[:, :, :, :, 0]
    second = pairs[:, :, :, :, 1]
  } else {
    first = pairs[:, :, :, :half]
    second = pairs[:, :, :, half:]
  }
  left[b, t, h, k] = first[b, t, h, k] * near[t, k] - second[b, t, h, k] * far[t, k]
  right[b, t, h, k] = first[b, t, h, k] * far[t, k] + second[b, t, h, k] * near[t, k]
  if layout == interleaved {
    both = concat(unsqueeze(left), unsqueeze(right)) -> reshape([batch, time, product(...), turned])
  } else {
    both = concat(left, right)
  }
  if turned < d { both = concat(both, parts[:, :, :, turned:]) }
  return both -> reshape([batch, time, ..., d])
}

/// Attention among the places of a sequence, then two dense layers at each, both around a shortcut (Vaswani et al., 2017):
/// normalized after each sum, or with \`norm_first\` before each part (Xiong et al., 2020).
layer transformer_encoder_layer(x: [batch, time, width], ignored: [batch, time] = fill(0, [batch, time]), heads: int = 1,
  hidden: int = 4 * width, activation: layer([...]) -> [...] = relu, rate: float = 0, norm_first: bool = false,
  causal: bool = false, epsilon: float = 1e-5) -> [batch, time, width] {
  given = if norm_first { x -> layer_norm(epsilon: epsilon) } else { x }
  seen = given -> multi_head_attention(ignored: ignored, heads: heads, causal: causal) -> dropout(rate)
  middle = if norm_first { x + seen } else { x + seen -> layer_norm(epsilon: epsilon) }
  calm = if norm_first { middle -> layer_norm(epsilon: epsilon) } else { middle }
  made = calm -> dense(hidden) -> activation -> dense(width) -> dropout(rate)
  return if norm_first { middle + made } else { middle + made -> layer_norm(epsilon: epsilon) }
}

/// What an encoder layer does, without a look ahead, and between its two parts attention to a \`memory\`, as an encoder left it
/// (Vaswani et al., 2017); each part is normalized first.
layer transformer_decoder_layer(x: [batch, time, width], memory: [batch, n, c], ignored: [batch, n] = fill(0, [batch, n]),
  heads: int = 1, hidden: int = 4 * width, activation: layer([...]) -> [...] = relu, rate: float = 0, epsilon: float = 1e-5)
  -> [batch, time, width] {
  own = x + (x -> layer_norm(epsilon: epsilon) -> multi_head_attention(heads: heads, causal: true) -> dropout(rate))
  asked = own -> layer_norm(epsilon: epsilon)
  heard = own + (multi_head_attention(asked, memory, ignored, heads: heads) -> dropout(rate))
  made = heard -> layer_norm(epsilon: epsilon) -> dense(hidden) -> activation -> dense(width) -> dropout(rate)
  return heard + made
}
`,
  ],
  [
    "augmentation.nn",
    `/// Images moved by up to \`by\` places along both axes, each by its own; what comes in at the border is 0. As
/// \`augment: image -> shift(2)\`.
layer random_shift(x: [batch, h, w, ...] | index(k)[batch, h, w, ...], by: int) -> [batch, h, w, ...] {
  require by >= 0, "an image moves by a whole number of places"
  image = x -> reshape([batch, h, w, product(...)])
  wide = image -> pad(axis: -3, before: by, after: by) -> pad(axis: -2, before: by, after: by)
  down = uniform_index(2 * by + 1, [batch])
  right = uniform_index(2 * by + 1, [batch])
  y[b, i < h, j < w, c] = wide[b, i + down[b], j + right[b], c]
  return y -> reshape([batch, h, w, ...])
}

/// Images turned over with probability ½, each for itself: left to right, or with \`upside\` top to bottom. As
/// \`augment: [image, region] -> flip\`.
layer random_flip(x: [batch, h, w, ...] | index(k)[batch, h, w, ...], upside: bool = false) -> [batch, h, w, ...] {
  image = x -> reshape([batch, h, w, product(...)])
  turned = uniform_index(2, [batch])
  if upside {
    y[b, i, j, c] = where(turned[b] == 1, image[b, h - 1 - i, j, c], image[b, i, j, c])
  } else {
    y[b, i, j, c] = where(turned[b] == 1, image[b, i, w - 1 - j, c], image[b, i, j, c])
  }
  return y -> reshape([batch, h, w, ...])
}

/// A window of \`part\` of the height and the width, at a place of its own in each image, as large as the image: each place
/// takes the nearest (Szegedy et al., 2015, of one size). As \`augment: image -> crop(0.8)\`.
layer random_crop(x: [batch, h, w, ...] | index(k)[batch, h, w, ...], part: float) -> [batch, h, w, ...] {
  require 0 < part <= 1, "a window is a part of the image"
  rows = ceil(part * h)
  columns = ceil(part * w)
  image = x -> reshape([batch, h, w, product(...)])
  top = uniform_index(h - rows + 1, [batch])
  left = uniform_index(w - columns + 1, [batch])
  y[b, i < h, j < w, c] = image[b, floor(i * rows / h) + top[b], floor(j * columns / w) + left[b], c]
  return y -> reshape([batch, h, w, ...])
}

/// A square of \`size\` places in each image set to 0, at a place of its own, which may reach over the border (DeVries and
/// Taylor, 2017). As \`augment: image -> erase(6)\`.
layer random_erase(x: [batch, h, w, ...], size: int) -> [batch, h, w, ...] {
  require size > 0, "a square has places"
  image = x -> reshape([batch, h, w, product(...)])
  // Centres lie evenly on the image.
  row = uniform([batch]) * h - size / 2
  column = uniform([batch]) * w - size / 2
  kept[b, i < h, j < w] = where(i >= row[b] and i < row[b] + size and j >= column[b] and j < column[b] + size, 0, 1)
  return image * unsqueeze(kept) -> reshape([batch, h, w, ...])
}

/// Noise of a normal distribution at every place (Bishop, 1995). As \`augment: readings -> noise(0.1)\`.
layer random_noise(x: [...], deviation: float) -> [...] {
  require deviation >= 0, "a deviation is not negative"
  return x + deviation * normal(like: x)
}

/// Each number set to 0 with probability \`rate\`, the others as they are (Vincent et al., 2008). As
/// \`augment: readings -> mask(0.2)\`.
layer random_mask(x: [...], rate: float) -> [...] {
  require 0 <= rate < 1, "the rate of what is masked is a fraction below 1"
  return x * bernoulli(1 - rate, like: x)
}

/// Each sample times a factor of its own, from 1 - \`by\` to 1 + \`by\`. As \`augment: sound -> scale(0.2)\`.
layer random_scale(x: [batch, ...], by: float) -> [batch, ...] {
  require 0 <= by < 1, "a factor stays above 0"
  flat = x -> reshape([batch, product(...)])
  return flat * unsqueeze(1 + by * (2 * uniform([batch]) - 1)) -> reshape([batch, ...])
}
`,
  ],
  [
    "borders.nn",
    `/// The places that \`padding\` adds to an axis, as [before, behind]: \`valid\` none; \`same\` as many as give
/// ceil(size / stride) windows, an odd one behind; \`causal\` all in front, so that no window sees what comes after it;
/// a number on both sides, or the two numbers themselves. A window spans \`reach\` places.
layer border(size: int, reach: int, stride: int, padding: int | list | same | valid | causal) {
  if padding == valid { return [0, 0] }
  if padding == causal { return [reach - 1, 0] }
  if padding == same {
    total = max((ceil(size / stride) - 1) * stride + reach - size, 0)
    before = floor(total / 2)
    return [before, total - before]
  }
  return padding * [1, 1]
}

/// How many windows of \`reach\` places stand along an axis with its border; with \`partial\` also one that begins on the
/// axis and reaches over its end.
layer windows(size: int, reach: int, stride: int, border: list, partial: bool = false) {
  free = size + sum(border) - reach
  require free >= 0, "a window is no longer than what it slides over, its border included"
  if not partial { return floor(free / stride) + 1 }
  count = ceil(free / stride) + 1
  return if (count - 1) * stride >= size + border[0] { count - 1 } else { count }
}

/// One item for rows and one for columns: of a list its two, of anything else twice the same.
layer pair(of: int | list | same | valid) {
  if of == same or of == valid { return of, of }
  both = of * [1, 1]
  return both[0], both[1]
}

/// A border of \`value\` around a sequence, [before, behind].
layer pad1d(x: [batch, time, n], border: list, value: float = 0) -> [batch, time + sum(border), n] {
  if sum(border) == 0 { return x }
  return x -> pad(axis: -2, before: border[0], after: border[1], value: value)
}

/// A border of \`value\` around an image, [above, below] and [left, right].
layer pad2d(x: [batch, h, w, c], rows: list, columns: list, value: float = 0) -> [batch, h + sum(rows), w + sum(columns), c] {
  if sum(rows) > 0 { x = x -> pad(axis: -3, before: rows[0], after: rows[1], value: value) }
  if sum(columns) > 0 { x = x -> pad(axis: -2, before: columns[0], after: columns[1], value: value) }
  return x
}

/// Channels in runs of equal length.
layer split_channels(x: [batch, h, w, c], groups: int) -> [batch, h, w, groups, c / groups] {
  return x -> reshape([batch, h, w, groups, c / groups])
}
`,
  ],
  [
    "convolution.nn",
    `/// Weighted windows over a sequence, y[t, o] = Σ x[t·stride + k·dilation, c]·w[k, c, o] + b[o] (Waibel et al., 1989). With
/// \`groups\`, each run of output channels sees only its own run of input channels. Padding as \`border\` says; no kernel
/// is turned round, which makes it a cross-correlation.
layer conv1d(x: [batch, time, n], units: int, kernel: int, stride: int = 1, dilation: int = 1, groups: int = 1,
  padding: int | list | same | valid | causal = valid, bias: bool = true) -> [batch, steps, units] {
  require n % groups == 0 and units % groups == 0, "channels divide into the groups"
  reach = (kernel - 1) * dilation + 1
  ends = border(time, reach, stride, padding)
  steps = windows(time, reach, stride, ends)
  x = x -> pad1d(ends)
  param w: [kernel, n / groups, units] = he_uniform()
  if groups == 1 {
    y[b, t < steps, o] = sum(x[b, t * stride + k * dilation, c] * w[k, c, o], over: [k, c])
  } else {
    xs = x -> reshape([batch, time + sum(ends), groups, n / groups])
    ws = w -> reshape([kernel, n / groups, groups, units / groups])
    ys[b, t < steps, g, o] = sum(xs[b, t * stride + k * dilation, g, c] * ws[k, c, g, o], over: [k, c])
    y = ys -> reshape([batch, steps, units])
  }
  if bias {
    param b: [units] = zeros()
    y = y + b
  }
  return y
}

/// Weighted windows over an image, y[i, j, o] = Σ x[i·stride + u·dilation, j·stride + v·dilation, c]·w[u, v, c, o] + b[o]
/// (LeCun et al., 1989). Kernel, stride, dilation and padding are one number, or one for rows and one for columns; a
/// padding also [[above, below], [left, right]].
layer conv2d(x: [batch, h, w, c], units: int, kernel: int | list, stride: int | list = 1, dilation: int | list = 1,
  groups: int = 1, padding: int | list | same | valid = valid, bias: bool = true) -> [batch, rows, columns, units] {
  require c % groups == 0 and units % groups == 0, "channels divide into the groups"
  tall, wide = pair(kernel)
  down, across = pair(stride)
  apart, aside = pair(dilation)
  upright, level = pair(padding)
  above = border(h, (tall - 1) * apart + 1, down, upright)
  beside = border(w, (wide - 1) * aside + 1, across, level)
  rows = windows(h, (tall - 1) * apart + 1, down, above)
  columns = windows(w, (wide - 1) * aside + 1, across, beside)
  x = x -> pad2d(above, beside)
  param w: [tall, wide, c / groups, units] = he_uniform()
  if groups == 1 {
    y[b, i < rows, j < columns, o] = sum(x[b, i * down + u * apart, j * across + v * aside, k] * w[u, v, k, o], over: [u, v, k])
  } else {
    xs = x -> split_channels(groups)
    ws = w -> reshape([tall, wide, c / groups, groups, units / groups])
    ys[b, i < rows, j < columns, g, o] = sum(xs[b, i * down + u * apart, j * across + v * aside, g, k] * ws[u, v, k, g, o], over: [u, v, k])
    y = ys -> reshape([batch, rows, columns, units])
  }
  if bias {
    param b: [units] = zeros()
    y = y + b
  }
  return y
}

/// Windows over each channel by itself, y[i, j, c·m + k] = Σ x[i + u, j + v, c]·w[u, v, 0, c·m + k] + b (Sifre and Mallat,
/// 2014), with \`multiplier\` m outputs a channel.
layer depthwise_conv2d(x: [batch, h, w, c], kernel: int | list, multiplier: int = 1, stride: int | list = 1, dilation: int | list = 1,
  padding: int | list | same | valid = valid, bias: bool = true) -> [batch, rows, columns, c * multiplier] {
  tall, wide = pair(kernel)
  down, across = pair(stride)
  apart, aside = pair(dilation)
  upright, level = pair(padding)
  above = border(h, (tall - 1) * apart + 1, down, upright)
  beside = border(w, (wide - 1) * aside + 1, across, level)
  rows = windows(h, (tall - 1) * apart + 1, down, above)
  columns = windows(w, (wide - 1) * aside + 1, across, beside)
  x = x -> pad2d(above, beside)
  param w: [tall, wide, 1, c * multiplier] = he_uniform()
  ws = w -> reshape([tall, wide, c, multiplier])
  ys[b, i < rows, j < columns, k, m] = sum(x[b, i * down + u * apart, j * across + v * aside, k] * ws[u, v, k, m], over: [u, v])
  y = ys -> reshape([batch, rows, columns, c * multiplier])
  if bias {
    param b: [c * multiplier] = zeros()
    y = y + b
  }
  return y
}
`,
  ],
  [
    "ctc.nn",
    `/// Connectionist temporal classification (Graves et al., 2006): -log of the probability that the steps, each a letter or the blank,
/// spell the target once repeats are merged and blanks dropped. Takes scores, not probabilities; the blank is the last class unless
/// \`blank\` says another. Of a sample count the first \`steps\` steps and the first \`letters\` letters. With \`zero_infinity\` a
/// target that does not fit into the steps costs nothing in place of 1e30.
///
/// In log space, forwards in time: after step t, rests[s] is the sum over all ways to have spelled s letters and to be at a blank,
/// spelled[s] over those that are at letter s:
///   rests'[s] = blank[t] + log(exp rests[s] + exp spelled[s - 1])
///   spelled'[s] = letter[t, s] + log(exp spelled[s] + exp rests[s] + exp spelled[s - 1], the last one if letters s - 1 and s differ)
layer ctc(
  scores: [batch, time, classes],
  spelling: index(alphabet)[batch, length],
  steps: [batch] = fill(time, [batch]),
  letters: [batch] = fill(length, [batch]),
  blank: int = classes - 1,
  zero_infinity: bool = false
) -> [batch] {
  require 0 <= blank < classes, "the blank is one of the classes"
  logs = log_softmax(scores)
  silent = logs[:, :, blank]
  voiced[b, t, s] = logs[b, t, spelling[b, s]]
  live[b, t < time] = where(t < steps[b], 1, 0)
  earlier = spelling -> pad(axis: -1, before: 1)
  direct[b, s < length] = where(spelling[b, s] == earlier[b, s], -1e30, 0)
  start[b, s < length + 1] = where(s == 0, 0, -1e30) + 0 * letters[b]
  scan t over time {
    carry rests: [batch, length + 1] = start
    carry spelled: [batch, length] = start[:, 1:]
    before = spelled -> pad(axis: -1, before: 1, value: -1e30)
    lasting = unsqueeze(live[:, t]) > 0
    at_rest = unsqueeze(silent[:, t]) + log_add(rests, before)
    at_letter = voiced[:, t] + log_add(log_add(spelled, rests[:, :length]), before[:, :length] + direct)
    next rests = where(lasting, at_rest, rests)
    next spelled = where(lasting, at_letter, spelled)
  }
  end[b, s < length + 1] = where(s == letters[b], 0, -1e30)
  likelihood = logsumexp(log_add(rests, spelled -> pad(axis: -1, before: 1, value: -1e30)) + end)
  if zero_infinity { return where(likelihood < -1e29, 0, -likelihood) }
  return -likelihood
}

/// log(exp a + exp b), without overflow.
layer log_add(a: [...], b: [...]) -> [...] {
  high = stop_gradient(max(a, b))
  return high + log(exp(a - high) + exp(b - high))
}

/// The most likely class of every step, repeats merged and blanks dropped; what is left behind is filled with the blank, which is the
/// last class unless \`blank\` says another (best path decoding, Graves et al., 2006).
layer ctc_decode(scores: [batch, time, classes], blank: int = classes - 1) -> index(classes)[batch, time] {
  require 0 <= blank < classes, "the blank is one of the classes"
  path = argmax(scores) -> pad(axis: -1, before: 1, value: blank)
  said[b, t < time + 1] = where(path[b, t] == blank, 0, 1)
  repeated[b, t < time] = where(path[b, t] == path[b, t + 1], 1, 0)
  kept = said * (1 - (repeated -> pad(axis: -1, before: 1)))
  place = cumsum(kept, over: -1)
  found[b, k < time, t] = where(place[b, t] == k + 1, kept[b, t], 0)
  // Of each place the class that stands there, and the blank where none does.
  number[b, k] = blank + sum(found[b, k, t] * (path[b, t] - blank), over: t)
  here[b, k, c < classes] = where(number[b, k] == c, 1, 0)
  text = argmax(here)
  return text
}
`,
  ],
  [
    "layers.nn",
    `/// A fully connected layer: y = x·w + b. Weights begin as Glorot and Bengio (2010) say.
layer dense(x: [..., n], units: int, bias: bool = true) -> [..., units] {
  param w: [n, units] = glorot_uniform()
  y = x @ w
  if bias {
    param b: [units] = zeros()
    y = y + b
  }
  return y
}

/// In training each element is 0 with probability \`rate\`, and the others grow by 1 / (1 - rate) (Srivastava et al., 2014).
layer dropout(x: [...], rate: float) -> [...] {
  require 0 <= rate < 1, "the dropout rate is a fraction below 1"
  if training and rate > 0 { return x * bernoulli(1 - rate, like: x) / (1 - rate) }
  return x
}

/// All axes of a sample as one, row-major.
layer flatten(x: [batch, ...]) -> [batch, product(...)] {
  return x -> reshape([batch, product(...)])
}

/// Drops a last axis of size 1.
layer squeeze(x: [..., 1]) -> [...] { return x -> reshape([...]) }

/// The last step of a sequence.
layer last(x: [batch, time, n]) -> [batch, n] { return x[:, -1] }

/// A row of a table for each index: y[…] = table[x[…]].
layer embedding(x: index(rows)[...], width: int) -> [..., width] {
  param table: [rows, width] = normal(deviation: 0.02)
  return table[x]
}

/// The inner product over the last axis.
layer dot(a: [..., n], b: [..., n]) -> [...] { return sum(a * b, over: -1) }

/// Limits each element to the range from \`low\` to \`high\`.
layer clip(x: [...], low: float, high: float) -> [...] {
  require low <= high, "the lower limit is not above the upper one"
  return min(max(x, low), high)
}

/// (x - mean) / deviation of an input, taken over the training part of the data before the first step, for each
/// place along the last axis.
layer standardize(x: [..., n]) -> [..., n] {
  state center: [n] = fitted_mean(x)
  state spread: [n] = fitted_deviation(x)
  return (x - center) / max(spread, 1e-8)
}

/// A product of three: y[o] = Σ a[i]·w[i, j, o]·b[j] + c[o].
layer bilinear(a: [batch, n], b: [batch, m], units: int, bias: bool = true) -> [batch, units] {
  param w: [n, m, units] = glorot_uniform()
  y[r, o] = sum(a[r, i] * w[i, j, o] * b[r, j], over: [i, j])
  if bias {
    param shift: [units] = zeros()
    y = y + shift
  }
  return y
}

/// Dropout of whole channels: what lies next to each other in space is no independent evidence (Tompson et al., 2015).
layer spatial_dropout(x: [batch, ..., c], rate: float) -> [batch, ..., c] {
  require 0 <= rate < 1, "the dropout rate is a fraction below 1"
  if not training or rate == 0 { return x }
  kept = bernoulli(1 - rate, shape: [batch, 1, c]) / (1 - rate)
  return (x -> reshape([batch, product(...), c])) * kept -> reshape([batch, ..., c])
}

/// Two dense layers, the first one gated: (silu(x·u) ⊙ x·v)·w (Shazeer, 2020).
layer swiglu(x: [..., n], hidden: int, bias: bool = false) -> [..., n] {
  gate = x -> dense(hidden, bias: bias) -> silu
  wide = x -> dense(hidden, bias: bias)
  y = gate * wide -> dense(n, bias: bias)
  return y
}
`,
  ],
  [
    "losses.nn",
    `/// -log of the probability that softmax of the scores gives the true class: \`nll\` of their \`log_softmax\`. Takes scores, not
/// probabilities.
layer cross_entropy(
  scores: [..., classes],
  truth: index(classes)[...],
  smoothing: float = 0,
  weights: [classes] = fill(1, [classes]),
  ignored: int = -1
) -> [...] {
  return nll(log_softmax(scores), truth, smoothing: smoothing, weights: weights, ignored: ignored)
}

/// Cross-entropy with a probability for each class in place of one true class.
layer soft_cross_entropy(scores: [..., classes], truth: [..., classes], smoothing: float = 0) -> [...] {
  require 0 <= smoothing < 1, "the smoothing is a fraction below 1"
  logs = log_softmax(scores)
  return -sum(((1 - smoothing) * truth + smoothing / classes) * logs, over: -1)
}

/// -t·log σ(x) - (1 - t)·log(1 - σ(x)), without overflow; \`positive\` weighs the first term. Takes scores, not
/// probabilities. As in \`softplus\`, the second of two equals gives the gradient at 0.
layer binary_cross_entropy(scores: [...], truth: [...], positive: float = 1) -> [...] {
  if positive == 1 { return max(scores, 0) - scores * truth + log1p(exp(min(-scores, scores))) }
  return (1 - truth) * scores + (1 + (positive - 1) * truth) * softplus(-scores)
}

/// (guess - truth)².
layer mse(guess: [...], truth: [...]) -> [...] {
  distance = guess - truth
  return distance * distance
}

/// |guess - truth|.
layer mae(guess: [...], truth: [...]) -> [...] { return abs(guess - truth) }

/// Half the square up to \`delta\`, a straight line beyond (Huber, 1964).
layer huber(guess: [...], truth: [...], delta: float = 1) -> [...] {
  distance = abs(guess - truth)
  return where(distance <= delta, 0.5 * distance * distance, delta * (distance - 0.5 * delta))
}

/// \`huber\` divided by \`beta\` (Girshick, 2015).
layer smooth_l1(guess: [...], truth: [...], beta: float = 1) -> [...] {
  distance = abs(guess - truth)
  return where(distance < beta, 0.5 * distance * distance / beta, distance - 0.5 * beta)
}

/// max(0, margin - truth·score) with truth -1 or 1 (Cortes and Vapnik, 1995).
layer hinge(scores: [...], truth: [...], margin: float = 1, squared: bool = false) -> [...] {
  missing = max(margin - truth * scores, 0)
  return if squared { missing * missing } else { missing }
}

/// -logs at the true class; \`logs\` are logarithms of probabilities. With smoothing, the true class counts 1 - smoothing and all
/// classes share the rest (Szegedy et al., 2016). With \`weights\` each class counts so much; where the truth is the class
/// \`ignored\` the loss is 0.
layer nll(
  logs: [..., classes],
  truth: index(classes)[...],
  smoothing: float = 0,
  weights: [classes] = fill(1, [classes]),
  ignored: int = -1
) -> [...] {
  require 0 <= smoothing < 1, "the smoothing is a fraction below 1"
  weighed = weights * logs
  loss = -pick(weighed, truth)
  if smoothing > 0 { loss = (1 - smoothing) * loss - smoothing * mean(weighed, over: -1) }
  return if ignored < 0 { loss } else { where(truth == ignored, 0, loss) }
}

/// exp(x) - truth·x, where \`logs\` is the logarithm of the rate guessed (Poisson regression), or rate - truth·log(rate + epsilon)
/// where it is the \`rate\` itself. \`full\` adds Stirling's approximation of log truth! where truth > 1.
layer poisson(logs: [...], truth: [...], full: bool = false, rate: bool = false, epsilon: float = 1e-8) -> [...] {
  loss = if rate { logs - truth * log(logs + epsilon) } else { exp(logs) - truth * logs }
  if full {
    safe = where(truth > 1, truth, 1)
    loss = loss + where(truth > 1, safe * log(safe) - safe + 0.5 * log(2 * pi * safe), 0)
  }
  return loss
}

/// The pinball loss max(level·d, (level - 1)·d) with d = truth - guess (Koenker and Bassett, 1978).
layer quantile(guess: [...], truth: [...], level: float = 0.5) -> [...] {
  require 0 < level < 1, "a quantile is a fraction between 0 and 1"
  distance = truth - guess
  return max(level * distance, (level - 1) * distance)
}

/// \`quantile\` for several levels at once, one a place of the last axis.
layer pinball(guess: [..., n], truth: [...], levels: list) -> [..., n] {
  require length(levels) == n, "there is one level for each guess"
  distance = unsqueeze(truth) - guess
  return max(levels * distance, (levels - 1) * distance)
}

/// ½·(log v + (guess - truth)² / v), with the variance v at least \`epsilon\` (Nix and Weigend, 1994).
layer gaussian_nll(guess: [...], truth: [...], spread: [...], epsilon: float = 1e-6, full: bool = false) -> [...] {
  v = spread + stop_gradient(max(spread, epsilon) - spread)
  distance = guess - truth
  loss = 0.5 * (log(v) + distance * distance / v)
  return if full { loss + 0.5 * log(2 * pi) } else { loss }
}

/// Binary cross-entropy that turns from what is already right: alpha_t·(1 - p_t)^gamma (Lin et al., 2017); both classes
/// count alike where alpha is ½, but for a factor of ½. Takes scores.
layer focal(scores: [...], truth: [...], alpha: float = 0.25, gamma: float = 2) -> [...] {
  p = sigmoid(scores)
  right = p * truth + (1 - p) * (1 - truth)
  weight = alpha * truth + (1 - alpha) * (1 - truth)
  return weight * (1 - right) ** gamma * binary_cross_entropy(scores, truth)
}

/// truth·(log truth - logs), 0 where truth is 0; \`logs\` are logarithms of probabilities (Kullback and Leibler, 1951).
layer kl_divergence(logs: [...], truth: [...]) -> [...] {
  safe = where(truth > 0, truth, 1)
  return where(truth > 0, truth * (log(safe) - logs), 0)
}

/// 1 - (2·Σ p·t + smooth) / (Σ p + Σ t + smooth) for each channel of each sample, sums over all that lies between (Milletari et
/// al., 2016): how little two masks overlap. With \`squared\` the sums below are of squares.
layer channel_dice(
  guess: [batch, ..., c],
  truth: [batch, ..., c],
  smooth: float = 1,
  squared: bool = false
) -> [batch, c] {
  p = guess -> reshape([batch, product(...), c])
  t = truth -> reshape([batch, product(...), c])
  size = if squared { sum(p * p + t * t, over: -2) } else { sum(p + t, over: -2) }
  return 1 - (2 * sum(p * t, over: -2) + smooth) / (size + smooth)
}

/// \`channel_dice\` of a single mask: sums over everything that belongs to a sample.
layer soft_dice(guess: [batch, ...], truth: [batch, ...], smooth: float = 1, squared: bool = false) -> [batch] {
  return channel_dice(unsqueeze(guess), unsqueeze(truth), smooth: smooth, squared: squared) -> squeeze
}

/// \`channel_dice\` between what softmax makes of the scores and the true class of every place, the mean over classes. Takes
/// scores, not probabilities.
layer dice(scores: [batch, ..., classes], truth: index(classes)[batch, ...], smooth: float = 1) -> [batch] {
  return mean(channel_dice(softmax(scores), one_hot(truth), smooth: smooth), over: -1)
}

/// (Σ |a - b + 1e-6|^p)^(1/p) over the last axis; what is added keeps its gradient finite where both are equal.
layer distance(a: [..., n], b: [..., n], p: float = 2) -> [...] {
  return sum(abs(a - b + 1e-6) ** p, over: -1) ** (1 / p)
}

/// max(0, d(anchor, positive) - d(anchor, negative) + margin) with d as \`distance\` (Schroff et al., 2015); with \`swap\` the
/// negative counts as far as it is from the nearer of the other two.
layer triplet_margin(
  anchor: [..., n],
  positive: [..., n],
  negative: [..., n],
  margin: float = 1,
  p: float = 2,
  swap: bool = false
) -> [...] {
  far = distance(anchor, negative, p: p)
  if swap { far = min(far, distance(positive, negative, p: p)) }
  return max(distance(anchor, positive, p: p) - far + margin, 0)
}

/// a·b / (|a|·|b|) over the last axis.
layer cosine_similarity(a: [..., n], b: [..., n], epsilon: float = 1e-12) -> [...] {
  return dot(a, b) / sqrt((dot(a, a) + epsilon) * (dot(b, b) + epsilon))
}

/// 1 - cos(a, b) where truth is 1, max(0, cos(a, b) - margin) where it is -1.
layer cosine_embedding(a: [..., n], b: [..., n], truth: [...], margin: float = 0) -> [...] {
  near = cosine_similarity(a, b)
  return where(truth > 0, 1 - near, max(near - margin, 0))
}

/// 1/classes · Σ max(0, margin - score of the true class + score)^p over all other classes (Weston and Watkins, 1999).
layer multi_margin(scores: [..., classes], truth: index(classes)[...], margin: float = 1, p: int = 1) -> [...] {
  missed = max(margin - unsqueeze(pick(scores, truth)) + scores, 0) * (1 - one_hot(truth))
  return sum(if p == 1 { missed } else { missed ** p }, over: -1) / classes
}

/// -log σ(liked - other): what was chosen scores above what was not (Bayesian personalized ranking, Rendle et al., 2009).
layer bpr(liked: [...], other: [...]) -> [...] { return softplus(other - liked) }

/// Cross-entropy of finding the one positive among the negatives by cosine similarity over \`temperature\` (InfoNCE, van den Oord
/// et al., 2018).
layer info_nce(anchor: [..., n], positive: [..., n], negatives: [..., k, n], temperature: float = 0.1) -> [...] {
  require temperature > 0, "scores are divided by the temperature"
  near = cosine_similarity(anchor, positive) / temperature
  far = cosine_similarity(unsqueeze(anchor, at: -2) + 0 * negatives, negatives) / temperature
  return logsumexp(concat(unsqueeze(near), far)) - near
}

/// d² where truth is 1, max(0, margin - d)² where it is 0, with d as \`distance\` (Hadsell et al., 2006).
layer contrastive(a: [..., n], b: [..., n], truth: [...], margin: float = 1) -> [...] {
  d = distance(a, b)
  return truth * d ** 2 + (1 - truth) * max(margin - d, 0) ** 2
}

/// Σ |w|, a penalty that leaves few weights (Tibshirani, 1996).
layer l1_penalty(w: [...]) -> [] { return sum(abs(w)) }

/// Σ w², a penalty that keeps weights small (Hoerl and Kennard, 1970).
layer l2_penalty(w: [...]) -> [] { return sum(w * w) }
`,
  ],
  [
    "metrics.nn",
    `/// The part of the samples whose largest score is that of the true class.
metric accuracy(scores: [..., classes], truth: index(classes)[...], better: more | less = more) {
  collect right: [...] = to_float(argmax(scores, over: -1) == truth)
  return mean(right)
}

/// The part of the samples on whose side of 0 the score is; truth is 1 or 0.
metric binary_accuracy(scores: [...], truth: [...], better: more | less = more) {
  collect right: [...] = where(scores > 0, truth, 1 - truth)
  return mean(right)
}

/// The root of the mean squared error.
metric rmse(guess: [...], truth: [...], better: more | less = less) {
  collect error: [...] = (guess - truth) ** 2
  return sqrt(mean(error))
}

/// The part of the variance that is explained: 1 - Σ(truth - guess)² / Σ(truth - mean)².
metric r2(guess: [...], truth: [...], better: more | less = more) {
  collect error: [...] = (guess - truth) ** 2
  collect value: [...] = truth
  return 1 - sum(error) / sum((value - mean(value)) ** 2)
}

/// exp of the mean cross-entropy: among how many symbols the model hesitates.
metric perplexity(scores: [..., classes], truth: index(classes)[...], better: more | less = less) {
  collect surprise: [...] = cross_entropy(scores, truth)
  return exp(mean(surprise))
}

/// 2·hits / (2·hits + misses + false alarms), where a score above 0 says yes.
metric f1(scores: [...], truth: [...], better: more | less = more) {
  collect hit: [...] = where(scores > 0, truth, 0)
  collect said: [...] = where(scores > 0, 1, 0)
  collect there: [...] = truth
  return 2 * sum(hit) / max(sum(said) + sum(there), 1)
}

/// Of each class the places where it is said and true, divided by those where it is said or true; the mean over the classes
/// that occur (Jaccard, 1912).
metric mean_iou(scores: [batch, ..., classes], truth: index(classes)[batch, ...], better: more | less = more) {
  said = one_hot(argmax(scores)) -> reshape([batch, product(...), classes])
  there = one_hot(truth) -> reshape([batch, product(...), classes])
  collect both: [batch, classes] = sum(said * there, over: -2)
  collect either: [batch, classes] = sum(max(said, there), over: -2)
  met = sum(both, over: -2)
  union = sum(either, over: -2)
  return sum(met / max(union, 1)) / max(sum(min(union, 1)), 1)
}

/// How many scores are above that of the true one.
layer rank_of(scores: [..., n], truth: index(n)[...]) -> [...] {
  return sum(to_float(scores > unsqueeze(pick(scores, truth))), over: -1)
}

/// The part of the samples whose true class is among the \`k\` largest scores.
metric top_k_accuracy(scores: [..., classes], truth: index(classes)[...], k: int = 5, better: more | less = more) {
  collect right: [...] = to_float(rank_of(scores, truth) < k)
  return mean(right)
}

/// The part of the samples whose true item is among the \`k\` that are recommended first: \`top_k_accuracy\` by its name in recommendation.
metric hit_rate(scores: [..., items], truth: index(items)[...], k: int = 10, better: more | less = more) {
  collect hit: [...] = to_float(rank_of(scores, truth) < k)
  return mean(hit)
}

/// log 2 / log(rank + 2) where the true item is among the first \`k\`, else 0: with one true item its discounted cumulative gain is
/// normalized already (Järvelin and Kekäläinen, 2002).
metric ndcg(scores: [..., items], truth: index(items)[...], k: int = 10, better: more | less = more) {
  rank = rank_of(scores, truth)
  collect gain: [...] = where(rank < k, log(2) / log(rank + 2), 0)
  return mean(gain)
}

/// Of those to which a score above 0 says yes, the part for which it is true.
metric precision(scores: [...], truth: [...], better: more | less = more) {
  collect hit: [...] = where(scores > 0, truth, 0)
  collect said: [...] = where(scores > 0, 1, 0)
  return sum(hit) / max(sum(said), 1)
}

/// Of those for which it is true, the part to which a score above 0 says yes.
metric recall(scores: [...], truth: [...], better: more | less = more) {
  collect hit: [...] = where(scores > 0, truth, 0)
  collect there: [...] = truth
  return sum(hit) / max(sum(there), 1)
}

/// How often a true sample scores above a false one, over all pairs of the data set, ties half: the area under the receiver
/// operating characteristic (Hanley and McNeil, 1982).
metric roc_auc(scores: [batch], truth: index(2)[batch], better: more | less = more) {
  collect score: [batch] = scores
  collect yes: [batch] = to_float(truth)
  won[i] = sum((1 - yes[j]) * where(score[j] < score[i], 1, where(score[j] == score[i], 0.5, 0)), over: j)
  return sum(won * yes) / max(sum(yes) * sum(1 - yes), 1)
}

/// How many symbols are to be put in, left out or replaced to make the truth of the guess, a sample (Levenshtein, 1966). The symbol
/// \`filler\` does not count where it fills the end of either.
metric edit_distance(
  guess: index(n)[batch, time],
  truth: index(m)[batch, length],
  filler: int = -1,
  better: more | less = less
) {
  said = sum(to_float(guess != filler), over: -1)
  due = sum(to_float(truth != filler), over: -1)
  other[b, t, s] = where(guess[b, t] == truth[b, s], 0, 1)
  start[b, s < length + 1] = s + 0 * due[b]
  live[b, t < time] = where(t < said[b], 1, 0)
  place[s < length + 1] = s
  scan t over time {
    carry row: [batch, length + 1] = start
    replaced = row[:, :length] + other[:, t]
    reached = min(row + 1, replaced -> pad(axis: -1, before: 1, value: 1e30))
    // Left out of the truth, one after the other: the least of what lies in front and as many steps.
    level = reached - place
    least[b, s < length + 1] = min(where(k <= s, level[b, k], 1e30), over: k)
    next row = where(unsqueeze(live[:, t]) > 0, least + place, row)
  }
  collect edits: [batch] = sum(where(place == unsqueeze(due), row, 0), over: -1)
  return mean(edits)
}
`,
  ],
  [
    "normalization.nn",
    `/// Mean 0 and variance 1 for each place along the last axis, over the samples of a batch and all other axes; in use
/// with running statistics (Ioffe and Szegedy, 2015). The running variance is the unbiased one; \`momentum\` is the weight
/// of the new statistics.
layer batch_norm(x: [..., c], momentum: float = 0.1, epsilon: float = 1e-5, affine: bool = true) -> [..., c] {
  state center: [c] = zeros()
  state spread: [c] = ones()
  m = if training { mean(x, over: ...) } else { center }
  v = if training { variance(x, over: ...) } else { spread }
  if training {
    count = product(...)
    update center = (1 - momentum) * center + momentum * m
    update spread = (1 - momentum) * spread + momentum * v * (count / max(count - 1, 1))
  }
  y = (x - m) / sqrt(v + epsilon)
  if affine {
    param scale: [c] = ones()
    param shift: [c] = zeros()
    y = y * scale + shift
  }
  return y
}

/// Mean 0 and variance 1 over the last axis of each sample, then scaled and shifted (Ba et al., 2016).
layer layer_norm(x: [..., n], epsilon: float = 1e-5, affine: bool = true) -> [..., n] {
  m = mean(x, over: -1, keep: true)
  v = variance(x, over: -1, keep: true)
  y = (x - m) / sqrt(v + epsilon)
  if affine {
    param scale: [n] = ones()
    param shift: [n] = zeros()
    y = y * scale + shift
  }
  return y
}

/// x / sqrt(mean(x²)) over the last axis, then scaled (Zhang and Sennrich, 2019).
layer rms_norm(x: [..., n], epsilon: float = 1e-6, affine: bool = true) -> [..., n] {
  y = x / sqrt(mean(x * x, over: -1, keep: true) + epsilon)
  if affine {
    param scale: [n] = ones()
    y = y * scale
  }
  return y
}

/// Mean 0 and variance 1 over space and each of \`groups\` runs of channels, for each sample, then a scale and a shift for
/// each channel (Wu and He, 2018).
layer group_norm(x: [batch, ..., c], groups: int, epsilon: float = 1e-5, affine: bool = true) -> [batch, ..., c] {
  require c % groups == 0, "channels divide into the groups"
  runs = x -> reshape([batch, product(...), groups, c / groups])
  m = mean(runs, over: [-3, -1], keep: true)
  v = variance(runs, over: [-3, -1], keep: true)
  y = (runs - m) / sqrt(v + epsilon) -> reshape([batch, ..., c])
  if affine {
    param scale: [c] = ones()
    param shift: [c] = zeros()
    y = y * scale + shift
  }
  return y
}

/// Mean 0 and variance 1 over space, for each channel of each sample (Ulyanov et al., 2016).
layer instance_norm(x: [batch, ..., c], epsilon: float = 1e-5, affine: bool = true) -> [batch, ..., c] {
  y = x -> group_norm(c, epsilon: epsilon, affine: false)
  if affine {
    param scale: [c] = ones()
    param shift: [c] = zeros()
    y = y * scale + shift
  }
  return y
}
`,
  ],
  [
    "optimizers.nn",
    `/// p - rate·g, with momentum, Nesterov's momentum (Sutskever et al., 2013) and L2 decay where asked for.
optimizer sgd(p: [...], g: [...], step: [], rate: schedule = 1e-2, momentum: float = 0, nesterov: bool = false,
  decay: float = 0) -> [...] {
  slope = if decay > 0 { g + decay * p } else { g }
  if momentum == 0 { return p - rate * slope }
  state v: [...] = zeros()
  update v = momentum * v + slope
  return p - rate * if nesterov { slope + momentum * v } else { v }
}

/// v = keep·v + g; p - rate·v (Polyak, 1964).
optimizer momentum(p: [...], g: [...], step: [], rate: schedule = 1e-2, keep: float = 0.9) -> [...] {
  state v: [...] = zeros()
  update v = keep * v + g
  return p - rate * v
}

/// Means of the gradient and its square decide step and length (Kingma and Ba, 2015). \`decay\` is L2: it enters the
/// gradient. \`amsgrad\` divides by the largest mean square so far (Reddi et al., 2018). With \`lazy\` a row (all along the
/// last axis) whose gradient is 0 stays as it is, and so do its means: of an embedding only the rows move that a batch touches.
optimizer adam(p: [...], g: [...], step: [], rate: schedule = 1e-3, beta1: float = 0.9, beta2: float = 0.999,
  epsilon: float = 1e-8, decay: float = 0, amsgrad: bool = false, lazy: bool = false) -> [...] {
  if lazy { touched = max(abs(g), over: -1, keep: true) > 0 }
  slope = if decay > 0 { g + decay * p } else { g }
  state m: [...] = zeros()
  state v: [...] = zeros()
  mean = beta1 * m + (1 - beta1) * slope
  square = beta2 * v + (1 - beta2) * slope * slope
  update m = if lazy { where(touched, mean, m) } else { mean }
  update v = if lazy { where(touched, square, v) } else { square }
  spread = v
  if amsgrad {
    state largest: [...] = zeros()
    update largest = max(largest, v)
    spread = largest
  }
  moved = p - rate * (m / (1 - beta1 ** (step + 1))) / (sqrt(spread / (1 - beta2 ** (step + 1))) + epsilon)
  return if lazy { where(touched, moved, p) } else { moved }
}

/// Adam with decay apart from the gradient: p·(1 - rate·decay) (Loshchilov and Hutter, 2019).
optimizer adamw(p: [...], g: [...], step: [], rate: schedule = 1e-3, beta1: float = 0.9, beta2: float = 0.999,
  epsilon: float = 1e-8, decay: float = 1e-2, amsgrad: bool = false) -> [...] {
  state m: [...] = zeros()
  state v: [...] = zeros()
  update m = beta1 * m + (1 - beta1) * g
  update v = beta2 * v + (1 - beta2) * g * g
  spread = v
  if amsgrad {
    state largest: [...] = zeros()
    update largest = max(largest, v)
    spread = largest
  }
  kept = p * (1 - rate * decay)
  return kept - rate * (m / (1 - beta1 ** (step + 1))) / (sqrt(spread / (1 - beta2 ** (step + 1))) + epsilon)
}

/// g divided by the root of its running mean square (Hinton, 2012); \`centered\` takes the mean off first.
optimizer rmsprop(p: [...], g: [...], step: [], rate: schedule = 1e-2, keep: float = 0.99, momentum: float = 0,
  centered: bool = false, epsilon: float = 1e-8, decay: float = 0) -> [...] {
  slope = if decay > 0 { g + decay * p } else { g }
  state square: [...] = zeros()
  update square = keep * square + (1 - keep) * slope * slope
  spread = square
  if centered {
    state middle: [...] = zeros()
    update middle = keep * middle + (1 - keep) * slope
    spread = square - middle * middle
  }
  move = slope / (sqrt(spread) + epsilon)
  if momentum == 0 { return p - rate * move }
  state v: [...] = zeros()
  update v = momentum * v + move
  return p - rate * v
}

/// g divided by the root of the sum of all its squares so far (Duchi et al., 2011).
optimizer adagrad(p: [...], g: [...], step: [], rate: schedule = 1e-2, epsilon: float = 1e-10, decay: float = 0,
  slowing: float = 0, initial: float = 0) -> [...] {
  slope = if decay > 0 { g + decay * p } else { g }
  state total: [...] = constant(initial)
  update total = total + slope * slope
  return p - rate / (1 + step * slowing) * slope / (sqrt(total) + epsilon)
}

/// Steps in the units of the parameters, by the ratio of two running mean squares (Zeiler, 2012).
optimizer adadelta(p: [...], g: [...], step: [], rate: schedule = 1, keep: float = 0.9, epsilon: float = 1e-6,
  decay: float = 0) -> [...] {
  slope = if decay > 0 { g + decay * p } else { g }
  state square: [...] = zeros()
  state moved: [...] = zeros()
  update square = keep * square + (1 - keep) * slope * slope
  move = sqrt(moved + epsilon) / sqrt(square + epsilon) * slope
  update moved = keep * moved + (1 - keep) * move * move
  return p - rate * move
}

/// Adam with the largest gradient, slowly forgotten, in place of the root of the mean square (Kingma and Ba, 2015).
optimizer adamax(p: [...], g: [...], step: [], rate: schedule = 2e-3, beta1: float = 0.9, beta2: float = 0.999,
  epsilon: float = 1e-8, decay: float = 0) -> [...] {
  slope = if decay > 0 { g + decay * p } else { g }
  state m: [...] = zeros()
  state u: [...] = zeros()
  update m = beta1 * m + (1 - beta1) * slope
  update u = max(beta2 * u, abs(slope) + epsilon)
  return p - rate / (1 - beta1 ** (step + 1)) * m / u
}

/// Adam with Nesterov's momentum (Dozat, 2016).
optimizer nadam(p: [...], g: [...], step: [], rate: schedule = 2e-3, beta1: float = 0.9, beta2: float = 0.999,
  epsilon: float = 1e-8, decay: float = 0, easing: float = 0.004) -> [...] {
  slope = if decay > 0 { g + decay * p } else { g }
  state m: [...] = zeros()
  state v: [...] = zeros()
  state mus: [...] = ones()
  mu = beta1 * (1 - 0.5 * 0.96 ** ((step + 1) * easing))
  following = beta1 * (1 - 0.5 * 0.96 ** ((step + 2) * easing))
  update m = beta1 * m + (1 - beta1) * slope
  update v = beta2 * v + (1 - beta2) * slope * slope
  update mus = mus * mu
  ahead = (1 - mu) / (1 - mus) * slope + following / (1 - mus * following) * m
  return p - rate * ahead / (sqrt(v / (1 - beta2 ** (step + 1))) + epsilon)
}

/// Adam that waits with its second moment until enough steps have been seen (Liu et al., 2020).
optimizer radam(p: [...], g: [...], step: [], rate: schedule = 1e-3, beta1: float = 0.9, beta2: float = 0.999,
  epsilon: float = 1e-8, decay: float = 0) -> [...] {
  slope = if decay > 0 { g + decay * p } else { g }
  state m: [...] = zeros()
  state v: [...] = zeros()
  update m = beta1 * m + (1 - beta1) * slope
  update v = beta2 * v + (1 - beta2) * slope * slope
  t = step + 1
  limit = 2 / (1 - beta2) - 1
  rho = limit - 2 * t * beta2 ** t / (1 - beta2 ** t)
  trusted = where(rho > 5, rho, limit)
  scale = sqrt((trusted - 4) * (trusted - 2) * limit / ((limit - 4) * (limit - 2) * trusted))
  middle = m / (1 - beta1 ** t)
  return p - rate * middle * where(rho > 5, scale * sqrt(1 - beta2 ** t) / (sqrt(v) + epsilon), 1)
}

/// Steps of equal length in the direction of a running mean's sign (Chen et al., 2023).
optimizer lion(p: [...], g: [...], step: [], rate: schedule = 1e-4, beta1: float = 0.9, beta2: float = 0.99,
  decay: float = 0) -> [...] {
  state m: [...] = zeros()
  direction = sign(beta1 * m + (1 - beta1) * g)
  update m = beta2 * m + (1 - beta2) * g
  return p * (1 - rate * decay) - rate * direction
}

/// Adam whose steps are as long as each tensor of parameters is (You et al., 2020).
optimizer lamb(p: [...], g: [...], step: [], rate: schedule = 1e-3, beta1: float = 0.9, beta2: float = 0.999,
  epsilon: float = 1e-6, decay: float = 0) -> [...] {
  state m: [...] = zeros()
  state v: [...] = zeros()
  update m = beta1 * m + (1 - beta1) * g
  update v = beta2 * v + (1 - beta2) * g * g
  move = (m / (1 - beta1 ** (step + 1))) / (sqrt(v / (1 - beta2 ** (step + 1))) + epsilon) + decay * p
  size = sqrt(sum(p * p))
  length = sqrt(sum(move * move))
  trust = where(size > 0 and length > 0, size / max(length, 1e-30), 1)
  return p - rate * trust * move
}
`,
  ],
  [
    "pooling.nn",
    `/// The largest of each window of a sequence, channel by channel; a border never is. With \`partial\` the end counts too
/// where no whole window is left.
layer max_pool1d(
  x: [batch, time, n],
  kernel: int,
  stride: int = kernel,
  dilation: int = 1,
  padding: int | list | same | valid | causal = valid,
  partial: bool = false
) -> [batch, steps, n] {
  reach = (kernel - 1) * dilation + 1
  ends = border(time, reach, stride, padding)
  steps = windows(time, reach, stride, ends, partial: partial)
  beyond = max((steps - 1) * stride + reach - time - sum(ends), 0)
  x = x -> pad1d(ends + [0, beyond], value: -3e38)
  y[b, t < steps, c] = max(x[b, t * stride + k * dilation, c], over: k < kernel)
  return y
}

/// The largest of each window of an image, channel by channel (Riesenhuber and Poggio, 1999); a border never is.
layer max_pool2d(
  x: [batch, h, w, c],
  kernel: int | list,
  stride: int | list = kernel,
  dilation: int | list = 1,
  padding: int | list | same | valid = valid,
  partial: bool = false
) -> [batch, rows, columns, c] {
  tall, wide = pair(kernel)
  down, across = pair(stride)
  apart, aside = pair(dilation)
  upright, level = pair(padding)
  above = border(h, (tall - 1) * apart + 1, down, upright)
  beside = border(w, (wide - 1) * aside + 1, across, level)
  rows = windows(h, (tall - 1) * apart + 1, down, above, partial: partial)
  columns = windows(w, (wide - 1) * aside + 1, across, beside, partial: partial)
  below = max((rows - 1) * down + (tall - 1) * apart + 1 - h - sum(above), 0)
  behind = max((columns - 1) * across + (wide - 1) * aside + 1 - w - sum(beside), 0)
  x = x -> pad2d(above + [0, below], beside + [0, behind], value: -3e38)
  y[b, i < rows, j < columns, k] = max(
    x[b, i * down + u * apart, j * across + v * aside, k],
    over: [u < tall, v < wide]
  )
  return y
}

/// The mean of each window of an image, channel by channel (LeCun et al., 1989): of what lies on the image, or with
/// \`include_border\` also of the border's zeros. What a partial window has beyond the border never counts.
layer average_pool2d(
  x: [batch, h, w, c],
  kernel: int | list,
  stride: int | list = kernel,
  padding: int | list | same | valid = valid,
  partial: bool = false,
  include_border: bool = false
) -> [batch, rows, columns, c] {
  tall, wide = pair(kernel)
  down, across = pair(stride)
  upright, level = pair(padding)
  above = border(h, tall, down, upright)
  beside = border(w, wide, across, level)
  rows = windows(h, tall, down, above, partial: partial)
  columns = windows(w, wide, across, beside, partial: partial)
  below = max((rows - 1) * down + tall - h - sum(above), 0)
  behind = max((columns - 1) * across + wide - w - sum(beside), 0)
  x = x -> pad2d(above + [0, below], beside + [0, behind])
  top, bottom = counted(h, above, include_border)
  left, right = counted(w, beside, include_border)
  high[i < rows] = min(i * down + tall, bottom) - max(i * down, top)
  broad[j < columns] = min(j * across + wide, right) - max(j * across, left)
  total[b, i < rows, j < columns, k] = sum(x[b, i * down + u, j * across + v, k], over: [u < tall, v < wide])
  y[b, i, j, k] = total[b, i, j, k] / (high[i] * broad[j])
  return y
}

/// Where that begins and ends which a mean counts of an axis within its border.
layer counted(size: int, border: list, include_border: bool) {
  if include_border { return 0, size + sum(border) }
  return border[0], border[0] + size
}

/// The mean over all axes between the batch and the channels (Lin et al., 2013).
layer global_average_pool(x: [batch, ..., c]) -> [batch, c] {
  return mean(x -> reshape([batch, product(...), c]), over: -2)
}

/// The largest over all axes between the batch and the channels.
layer global_max_pool(x: [batch, ..., c]) -> [batch, c] {
  return max(x -> reshape([batch, product(...), c]), over: -2)
}

/// The mean of windows that divide an image into \`rows\` by \`columns\`, whatever its size: along an axis of n places window i has those
/// from ⌊i·n / rows⌋ up to ⌈(i + 1)·n / rows⌉ (He et al., 2015, spatial pyramid pooling).
layer adaptive_average_pool2d(x: [batch, h, w, c], rows: int, columns: int) -> [batch, rows, columns, c] {
  down = parts_of(h, rows)
  across = parts_of(w, columns)
  y[b, i, j, k] = sum(x[b, u, v, k] * down[i, u] * across[j, v], over: [u, v])
  return y
}

/// The largest of each window of \`adaptive_average_pool2d\`.
layer adaptive_max_pool2d(x: [batch, h, w, c], rows: int, columns: int) -> [batch, rows, columns, c] {
  down = parts_of(h, rows)
  across = parts_of(w, columns)
  y[b, i, j, k] = max(where(down[i, u] * across[j, v] > 0, x[b, u, v, k], -3e38), over: [u, v])
  return y
}

/// The weight of each of \`size\` places in each of \`count\` windows: 1 over their number within, 0 without.
layer parts_of(size: int, count: int) -> [count, size] {
  inner[i < count, u < size] = where((u + 1) * count > i * size and u * count < (i + 1) * size, 1, 0)
  return inner / sum(inner, over: -1, keep: true)
}
`,
  ],
  [
    "recurrent.nn",
    `/// A plain recurrent layer (Elman, 1990), h' = tanh(x·w + b + h·u + d), b and d its biases, beginning with h = 0: every h, in
/// order of time.
layer rnn(x: [batch, time, n], units: int) -> [batch, time, units] {
  param w: [n, units] = glorot_uniform()
  param u: [units, units] = orthogonal()
  param input_bias: [units] = zeros()
  param state_bias: [units] = zeros()
  inputs = x @ w + (input_bias + state_bias)
  scan t over time {
    carry h: [batch, units] = zeros()
    next h = tanh(inputs[:, t] + h @ u)
    collect hs: [batch, time, units] = h
  }
  return hs
}

/// Long short-term memory (Hochreiter and Schmidhuber, 1997; Gers et al., 2000): i, f, g, o = x·w + b + h·u + d, b and d its
/// biases, c' = σ(f)·c + σ(i)·tanh(g) and h' = σ(o)·tanh(c'), beginning with h = c = 0: every h, in order of time.
layer lstm(x: [batch, time, n], units: int) -> [batch, time, units] {
  param w: [n, 4 * units] = glorot_uniform()
  param u: [units, 4 * units] = orthogonal()
  param input_bias: [4 * units] = zeros()
  param state_bias: [4 * units] = zeros()
  inputs = x @ w + (input_bias + state_bias)
  scan t over time {
    carry h: [batch, units] = zeros()
    carry c: [batch, units] = zeros()
    i, f, g, o = split(inputs[:, t] + h @ u, 4)
    next c = sigmoid(f) * c + sigmoid(i) * tanh(g)
    next h = sigmoid(o) * tanh(c)
    collect hs: [batch, time, units] = h
  }
  return hs
}

/// Gated recurrent unit (Cho et al., 2014), the reset gate behind the product: of x·w + b and h·u + d in three parts each,
/// b and d its biases, r = σ(x₁ + h₁), z = σ(x₂ + h₂) and h' = (1 - z)·tanh(x₃ + r·h₃) + z·h, beginning with h = 0: every
/// h, in order of time.
layer gru(x: [batch, time, n], units: int) -> [batch, time, units] {
  param w: [n, 3 * units] = glorot_uniform()
  param u: [units, 3 * units] = orthogonal()
  param input_bias: [3 * units] = zeros()
  param state_bias: [3 * units] = zeros()
  inputs = x @ w + input_bias
  scan t over time {
    carry h: [batch, units] = zeros()
    xr, xz, xn = split(inputs[:, t], 3)
    hr, hz, hn = split(h @ u + state_bias, 3)
    z = sigmoid(xz + hz)
    next h = (1 - z) * tanh(xn + sigmoid(xr + hr) * hn) + z * h
    collect hs: [batch, time, units] = h
  }
  return hs
}

/// A sequence from its last step to its first, along another axis with \`over\`.
layer reverse(x: [...], over: int = -2) -> [...] { return flip(x, over: over) }

/// A recurrent layer forwards and another one backwards (Schuster and Paliwal, 1997), side by side at every step:
/// \`x -> bidirectional(gru(48))\`.
layer bidirectional(x: [batch, time, n], cell: layer([batch, time, n]) -> [batch, time, m]) -> [batch, time, 2 * m] {
  return concat(x -> cell, x -> reverse(over: time) -> cell -> reverse(over: time))
}
`,
  ],
  [
    "resizing.nn",
    `/// A sequence of another length: each place takes the nearest, y[t] = x[floor(t·time / steps)].
layer resize1d(x: [batch, time, n], steps: int) -> [batch, steps, n] {
  y[b, t < steps, c] = x[b, floor(t * time / steps), c]
  return y
}

/// An image of another size: each place takes the nearest, y[i] = x[floor(i·h / rows)], or lies between the nearest two
/// of each axis, places being centres: i answers to (i + ½)·h / rows - ½.
layer resize2d(x: [batch, h, w, c], rows: int, columns: int, by: nearest | bilinear = nearest) -> [batch, rows, columns, c] {
  if by == nearest {
    y[b, i < rows, j < columns, k] = x[b, floor(i * h / rows), floor(j * w / columns), k]
    return y
  }
  // The first and the last place once more: nothing lies beyond the border, and no place is less than 0.
  tall = concat(x[:, :1], x, x[:, h - 1:], over: -3)
  mixed[b, i < rows, j, k] =
    tall[b, floor(((2 * i + 1) * h + rows) / (2 * rows)), j, k] * (1 - ((2 * i + 1) * h + rows) % (2 * rows) / (2 * rows))
    + tall[b, floor(((2 * i + 1) * h + rows) / (2 * rows)) + 1, j, k] * (((2 * i + 1) * h + rows) % (2 * rows) / (2 * rows))
  wide = concat(mixed[:, :, :1], mixed, mixed[:, :, w - 1:], over: -2)
  y[b, i, j < columns, k] =
    wide[b, i, floor(((2 * j + 1) * w + columns) / (2 * columns)), k] * (1 - ((2 * j + 1) * w + columns) % (2 * columns) / (2 * columns))
    + wide[b, i, floor(((2 * j + 1) * w + columns) / (2 * columns)) + 1, k] * (((2 * j + 1) * w + columns) % (2 * columns) / (2 * columns))
  return y
}

/// A sequence \`factor\` times as long, each place repeated.
layer upsample1d(x: [batch, time, n], factor: int = 2) -> [batch, time * factor, n] {
  return x -> resize1d(time * factor)
}

/// An image \`factor\` times as tall and wide; the factor is one number, or one for rows and one for columns.
layer upsample2d(x: [batch, h, w, c], factor: int | list = 2, by: nearest | bilinear = nearest) -> [batch, rows, columns, c] {
  down, across = pair(factor)
  rows = h * down
  columns = w * across
  return x -> resize2d(rows, columns, by: by)
}

/// Channels as places: of each factor² channels next to each other a square, y[i·r + u, j·r + v, k] =
/// x[i, j, k·r² + u·r + v] (Shi et al., 2016).
layer pixel_shuffle(x: [batch, h, w, c], factor: int) -> [batch, h * factor, w * factor, c / factor ** 2] {
  require c % factor ** 2 == 0, "the channels divide by the square of the factor"
  y[b, i < h * factor, j < w * factor, k < c / factor ** 2] =
    x[b, floor(i / factor), floor(j / factor), k * factor ** 2 + i % factor * factor + j % factor]
  return y
}
`,
  ],
  [
    "sampling.nn",
    `/// An index for each row of scores, drawn with the probabilities that softmax gives them: the largest score after noise
/// of Gumbel's distribution is added (Gumbel, 1954; Maddison et al., 2014).
layer categorical(scores: [..., v]) -> index(v)[...] {
  return argmax(scores - log(-log(uniform(like: scores))))
}

/// \`categorical\` of scores that a temperature below 1 sharpens and one above 1 flattens (Ackley et al., 1985).
layer sample(scores: [..., v], temperature: [] = 1) -> index(v)[...] {
  return categorical(scores / temperature)
}

/// \`sample\` among the \`k\` largest scores (Fan et al., 2018); of equals the first come first.
layer top_k(scores: [..., v], k: int, temperature: [] = 1) -> index(v)[...] {
  require k > 0, "there is one to choose at least"
  rows = scores -> reshape([product(...), v])
  ahead[r, i] = sum(where(rows[r, j] > rows[r, i] or rows[r, j] == rows[r, i] and j < i, 1, 0), over: [j < v])
  kept = where(ahead < k, rows, -1e30)
  return sample(kept -> reshape([..., v]), temperature)
}

/// \`sample\` among as many of the most probable as make up the part \`mass\` together, one at least (Holtzman et al., 2020).
layer nucleus(scores: [..., v], mass: float, temperature: [] = 1) -> index(v)[...] {
  require 0 < mass <= 1, "the mass is a part of 1"
  rows = scores / temperature -> reshape([product(...), v])
  p = softmax(rows)
  ahead[r, i] = sum(where(p[r, j] > p[r, i] or p[r, j] == p[r, i] and j < i, p[r, j], 0), over: [j < v])
  kept = where(ahead < mass, rows, -1e30)
  return categorical(kept -> reshape([..., v]))
}

/// A text one step later, with symbol 0 in front: at each place what came before it, for decoders that are told what they
/// should have said (Williams and Zipser, 1989).
layer delay(x: index(v)[batch, time]) -> index(v)[batch, time] {
  return (x -> pad(axis: -1, before: 1))[:, :-1]
}
`,
  ],
  [
    "schedules.nn",
    `/// The same rate at every step.
schedule constant(step: [], total: [], rate: float) -> [] { return rate + 0 * step }

/// From one rate to another in a straight line, over \`steps\` steps or to the end.
schedule linear(step: [], total: [], from: float, to: float = 0, steps: int = 0) -> [] {
  done = if steps > 0 { min(step / steps, 1) } else { step / total }
  return from + (to - from) * done
}

/// Times \`by\` after every \`each\` steps.
schedule stepwise(step: [], total: [], from: float, each: int, by: float = 0.1) -> [] {
  return from * by ** floor(step / each)
}

/// Times \`by\` after every step.
schedule exponential(step: [], total: [], from: float, by: float) -> [] { return from * by ** step }

/// Down to \`to\` as a power of what is left, over \`steps\` steps or to the end.
schedule polynomial(step: [], total: [], from: float, power: float = 1, to: float = 0, steps: int = 0) -> [] {
  done = if steps > 0 { min(step / steps, 1) } else { min(step / total, 1) }
  return to + (from - to) * (1 - done) ** power
}

/// Half a wave of the cosine (Loshchilov and Hutter, 2017).
schedule cosine(step: [], total: [], from: float, to: float = 0) -> [] {
  return to + (from - to) * (1 + cos(pi * min(step / max(total, 1), 1))) / 2
}

/// Straight up over the first \`steps\` steps, then another schedule from its beginning.
schedule warmup(step: [], total: [], steps: int, then: schedule) -> [] {
  require steps > 0, "a warm-up takes at least one step"
  return where(step < steps, (step + 1) / steps * then(0, total - steps), then(max(step - steps, 0), total - steps))
}

/// Another schedule from its beginning after every \`each\` steps, which to it are all there are (Loshchilov and Hutter, 2017);
/// each time \`times\` as long as before: the k-th begins at each·(timesᵏ - 1) / (times - 1).
schedule restarts(step: [], total: [], each: int, of: schedule, times: float = 1) -> [] {
  require each > 0, "a restart comes after at least one step"
  require times >= 1, "no run is shorter than the one before"
  if times == 1 { return of(step % each, each) }
  // What is added keeps the logarithm of a whole power from coming out just below it.
  k = floor(log(1 + step * (times - 1) / each) / log(times) + 1e-9)
  length = each * times ** k
  return of(step - (length - each) / (times - 1), length)
}

/// Up to \`peak\` and down again to \`peak / start / end\`, both along a cosine or a line (Smith and Topin, 2018). With \`three_phases\` it
/// first comes back to where it began, as fast as it rose.
schedule one_cycle(
  step: [],
  total: [],
  peak: float,
  rising: float = 0.3,
  start: float = 25,
  end: float = 1e4,
  three_phases: bool = false,
  by: cosine | line = cosine
) -> [] {
  low = peak / start
  top = rising * total - 1
  back = if three_phases { 2 * top } else { total - 1 }
  least = low / end
  climb = between(low, peak, step / top, by: by)
  fall = between(peak, if three_phases { low } else { least }, (step - top) / (back - top), by: by)
  if not three_phases { return where(step <= top, climb, fall) }
  rest = between(low, least, (step - back) / (total - 1 - back), by: by)
  return where(step <= top, climb, where(step <= back, fall, rest))
}

/// From one number to another, along half a wave of the cosine or a line; \`done\` is the part of the way.
layer between(from: [], to: [], done: [], by: cosine | line) -> [] {
  if by == line { return from + (to - from) * done }
  return to + (from - to) * (1 + cos(pi * done)) / 2
}

/// Straight up over \`warmup\` steps, then with one over the root of the step.
schedule inverse_sqrt(step: [], total: [], peak: float, warmup: int) -> [] {
  n = step + 1
  return peak * min(n / warmup, sqrt(warmup / n))
}

/// scale·width^-½·min(n^-½, n·warmup^-1½) (Vaswani et al., 2017).
schedule noam(step: [], total: [], scale: float = 1, warmup: int = 4000, width: int = 512) -> [] {
  n = step + 1
  return scale * width ** -0.5 * min(n ** -0.5, n * warmup ** -1.5)
}
`,
  ],
  [
    "sorting.nn",
    `/// The places of the elements along the last axis from the least to the largest, or with \`descending\` the other way; equals stay
/// in order. An element's place is how many come before it.
layer argsort(x: [..., n], descending: bool = false) -> index(n)[..., n] {
  earlier[i < n, j < n] = where(j < i, 1, 0)
  one = unsqueeze(x)
  other = unsqueeze(x, at: -2)
  ahead = if descending { other > one } else { other < one }
  rank = sum(to_float(ahead or other == one and earlier > 0), over: -1)
  place[k < n] = k
  return argmax(to_float(unsqueeze(rank) == place), over: -2)
}

/// The elements along the last axis from the least to the largest, or with \`descending\` the other way.
layer sort(x: [..., n], descending: bool = false) -> [..., n] {
  return take_along(x, argsort(x, descending: descending))
}

/// The places of the \`k\` largest elements along the last axis, the largest first, of equals the first.
layer argtopk(x: [..., n], k: int) -> index(n)[..., k] {
  require 0 < k <= n, "one is taken at least, and no more than there are"
  scan t over k {
    carry left: [..., n] = stop_gradient(x)
    largest = argmax(left)
    next left = where(one_hot(largest) > 0, -3e38, left)
    collect places: index(n)[..., k] = largest
  }
  return places
}

/// The \`k\` largest elements along the last axis, the largest first.
layer topk(x: [..., n], k: int) -> [..., k] { return take_along(x, argtopk(x, k)) }
`,
  ],
  [
    "spectrum.nn",
    `/// The spectrum of windows of a sound, real and imaginary parts (Gabor, 1946; Allen, 1977): Σ x[t·hop + k]·h[k]·exp(-2πi·k·f / window)
/// for the frequencies f from 0 to window / 2, with Hann's h[k] = ½ - ½·cos(2π·k / window).
layer stft(
  x: [batch, samples],
  window: int,
  hop: int
) -> [batch, floor((samples - window) / hop) + 1, floor(window / 2) + 1, 2] {
  require window > 0 and hop > 0, "a window and a hop have a length"
  hann[k < window] = 0.5 - 0.5 * cos(2 * pi * k / window)
  real[k < window, f < floor(window / 2) + 1] = cos(2 * pi * k * f / window)
  imaginary[k < window, f < floor(window / 2) + 1] = -sin(2 * pi * k * f / window)
  cosines = unsqueeze(hann) * real
  sines = unsqueeze(hann) * imaginary
  even[b, t < floor((samples - window) / hop) + 1, f] = sum(x[b, t * hop + k] * cosines[k, f], over: k)
  odd[b, t < floor((samples - window) / hop) + 1, f] = sum(x[b, t * hop + k] * sines[k, f], over: k)
  return concat(unsqueeze(even), unsqueeze(odd))
}

/// Triangles that sum frequencies, \`bands\` of equal width on the scale mel = 2595·log₁₀(1 + hertz / 700) (Stevens et al., 1937;
/// Davis and Mermelstein, 1980), from 0 to half the rate.
layer mel_filters(frequencies: int, bands: int, rate: float) -> [frequencies, bands] {
  top = log(1 + rate / 1400)
  hertz[m < bands + 2] = 700 * (exp(top * m / (bands + 1)) - 1)
  at[f < frequencies] = f * rate / 2 / (frequencies - 1)
  rising[f < frequencies, m < bands] = (at[f] - hertz[m]) / (hertz[m + 1] - hertz[m])
  falling[f < frequencies, m < bands] = (hertz[m + 2] - at[f]) / (hertz[m + 2] - hertz[m + 1])
  return max(min(rising, falling), 0)
}

/// log of the power of a sound in \`bands\` of pitch, window by window: \`stft\`, its squares through \`mel_filters\`.
layer log_mel(
  sound: [batch, samples],
  rate: float = 16000,
  bands: int = 40,
  window: int = 400,
  hop: int = 160,
  least: float = 1e-6
) -> [batch, frames, bands] {
  frames = floor((samples - window) / hop) + 1
  spectrum = sound -> stft(window, hop)
  power = sum(spectrum * spectrum, over: -1)
  y = log(power @ mel_filters(window / 2 + 1, bands, rate) + least)
  return y
}
`,
  ],
  [
    "transposed.nn",
    `/// The adjoint of \`conv1d\`: each place of x lays the kernel, times itself, over y[t·stride - padding …] (Zeiler et al.,
/// 2010), (time - 1)·stride + (kernel - 1)·dilation + 1 - 2·padding + more places long; with \`padding: same\`, time·stride, as
/// what a convolution with \`same\` was made of. Written from the side of y: of each \`stride\` places next to each other, each is a
/// convolution with its own part of the kernel.
layer conv_transpose1d(x: [batch, time, n], units: int, kernel: int, stride: int = 1, dilation: int = 1, groups: int = 1,
  padding: int | same = 0, more: int = 0, bias: bool = true) -> [batch, steps, units] {
  require n % groups == 0 and units % groups == 0, "channels divide into the groups"
  require more < max(stride, dilation), "what is added to the end is less than the stride or the dilation"
  before, steps = transposed(time, kernel, stride, dilation, padding, more)
  taps, phase = phases(kernel, stride, dilation)
  param w: [kernel, n, units / groups] = he_uniform()
  ws = w -> reshape([kernel, n * units / groups]) -> spaced(stride, dilation) -> reshape([taps, phase, groups, n / groups, units / groups])
  turns = ceil((steps + before) / stride)
  xs = x -> pad1d([taps - 1, max(turns - time, 0)]) -> reshape([batch, time + taps - 1 + max(turns - time, 0), groups, n / groups])
  ys[b, q < turns, r, g, o] = sum(xs[b, q + taps - 1 - m, g, c] * ws[m, r, g, c, o], over: [m, c])
  y = ys -> reshape([batch, turns * stride, units])
  y = y[:, before:before + steps]
  if bias {
    param b: [units] = zeros()
    y = y + b
  }
  return y
}

/// The adjoint of \`conv2d\`: each place of x lays the kernel, times itself, over y (Zeiler et al., 2010). Along each axis as
/// \`conv_transpose1d\`; numbers are one, or one for rows and one for columns.
layer conv_transpose2d(x: [batch, h, w, c], units: int, kernel: int | list, stride: int | list = 1, dilation: int | list = 1,
  groups: int = 1, padding: int | list | same = 0, more: int | list = 0, bias: bool = true) -> [batch, rows, columns, units] {
  require c % groups == 0 and units % groups == 0, "channels divide into the groups"
  tall, wide = pair(kernel)
  down, across = pair(stride)
  apart, aside = pair(dilation)
  upright, level = pair(padding)
  below, behind = pair(more)
  above, rows = transposed(h, tall, down, apart, upright, below)
  beside, columns = transposed(w, wide, across, aside, level, behind)
  taps, phase = phases(tall, down, apart)
  along, shift = phases(wide, across, aside)
  turns = ceil((rows + above) / down)
  passes = ceil((columns + beside) / across)
  xs = x -> pad2d([taps - 1, max(turns - h, 0)], [along - 1, max(passes - w, 0)]) -> split_channels(groups)
  param w: [tall, wide, c, units / groups] = he_uniform()
  ws = w -> reshape([tall, wide * c * units / groups]) -> spaced(down, apart) -> reshape([taps * phase, wide, c * units / groups])
  ws = transpose(ws, order: [-2, -3, -1]) -> reshape([wide, taps * phase * c * units / groups]) -> spaced(across, aside)
  ws = ws -> reshape([along, shift, taps, phase, groups, c / groups, units / groups])
  ys[b, q < turns, r, p < passes, s, g, o] = sum(xs[b, q + taps - 1 - m, p + along - 1 - n, g, k] * ws[n, s, m, r, g, k, o], over: [m, n, k])
  y = ys -> reshape([batch, turns * down, passes * across, units])
  y = y[:, above:above + rows, beside:beside + columns]
  if bias {
    param b: [units] = zeros()
    y = y + b
  }
  return y
}

/// Of what a transposed convolution makes of an axis: how many places in front are left out, and how many are kept.
layer transposed(size: int, kernel: int, stride: int, dilation: int, padding: int | same, more: int) {
  reach = (kernel - 1) * dilation + 1
  if padding == same {
    require reach >= stride, "with \`padding: same\` the kernel reaches from one place to the next"
    return floor((reach - stride) / 2), size * stride
  }
  return padding, (size - 1) * stride + reach - 2 * padding + more
}

/// A kernel as \`stride\` interleaved ones: how many taps each has, and how many they are.
layer phases(kernel: int, stride: int, dilation: int) {
  return ceil(((kernel - 1) * dilation + 1) / stride), stride
}

/// A kernel with zeros between its taps where it is dilated, and behind up to a whole number of strides.
layer spaced(w: [kernel, n], stride: int, dilation: int) -> [ceil(((kernel - 1) * dilation + 1) / stride) * stride, n] {
  reach = (kernel - 1) * dilation + 1
  if dilation > 1 {
    apart = w -> unsqueeze(at: -2) -> pad(axis: -2, after: dilation - 1) -> reshape([kernel * dilation, n])
    w = apart[:reach]
  }
  rest = ceil(reach / stride) * stride - reach
  return if rest == 0 { w } else { w -> pad(axis: -2, after: rest) }
}
`,
  ],
]);

export const libraryIndex: ReadonlyMap<string, string> = new Map([
  ["relu", "activations.nn"],
  ["leaky_relu", "activations.nn"],
  ["prelu", "activations.nn"],
  ["elu", "activations.nn"],
  ["selu", "activations.nn"],
  ["gelu", "activations.nn"],
  ["gelu_tanh", "activations.nn"],
  ["silu", "activations.nn"],
  ["mish", "activations.nn"],
  ["softplus", "activations.nn"],
  ["softsign", "activations.nn"],
  ["hard_sigmoid", "activations.nn"],
  ["hard_swish", "activations.nn"],
  ["softmax", "activations.nn"],
  ["log_softmax", "activations.nn"],
  ["logsumexp", "activations.nn"],
  ["glu", "activations.nn"],
  ["mask_future", "attention.nn"],
  ["scaled_dot_product", "attention.nn"],
  ["multi_head_attention", "attention.nn"],
  ["sinusoidal", "attention.nn"],
  ["sinusoidal_positions", "attention.nn"],
  ["positions", "attention.nn"],
  ["rope", "attention.nn"],
  ["transformer_encoder_layer", "attention.nn"],
  ["transformer_decoder_layer", "attention.nn"],
  ["random_shift", "augmentation.nn"],
  ["random_flip", "augmentation.nn"],
  ["random_crop", "augmentation.nn"],
  ["random_erase", "augmentation.nn"],
  ["random_noise", "augmentation.nn"],
  ["random_mask", "augmentation.nn"],
  ["random_scale", "augmentation.nn"],
  ["border", "borders.nn"],
  ["windows", "borders.nn"],
  ["pair", "borders.nn"],
  ["pad1d", "borders.nn"],
  ["pad2d", "borders.nn"],
  ["split_channels", "borders.nn"],
  ["conv1d", "convolution.nn"],
  ["conv2d", "convolution.nn"],
  ["depthwise_conv2d", "convolution.nn"],
  ["ctc", "ctc.nn"],
  ["log_add", "ctc.nn"],
  ["ctc_decode", "ctc.nn"],
  ["dense", "layers.nn"],
  ["dropout", "layers.nn"],
  ["flatten", "layers.nn"],
  ["squeeze", "layers.nn"],
  ["last", "layers.nn"],
  ["embedding", "layers.nn"],
  ["dot", "layers.nn"],
  ["clip", "layers.nn"],
  ["standardize", "layers.nn"],
  ["bilinear", "layers.nn"],
  ["spatial_dropout", "layers.nn"],
  ["swiglu", "layers.nn"],
  ["cross_entropy", "losses.nn"],
  ["soft_cross_entropy", "losses.nn"],
  ["binary_cross_entropy", "losses.nn"],
  ["mse", "losses.nn"],
  ["mae", "losses.nn"],
  ["huber", "losses.nn"],
  ["smooth_l1", "losses.nn"],
  ["hinge", "losses.nn"],
  ["nll", "losses.nn"],
  ["poisson", "losses.nn"],
  ["quantile", "losses.nn"],
  ["pinball", "losses.nn"],
  ["gaussian_nll", "losses.nn"],
  ["focal", "losses.nn"],
  ["kl_divergence", "losses.nn"],
  ["channel_dice", "losses.nn"],
  ["soft_dice", "losses.nn"],
  ["dice", "losses.nn"],
  ["distance", "losses.nn"],
  ["triplet_margin", "losses.nn"],
  ["cosine_similarity", "losses.nn"],
  ["cosine_embedding", "losses.nn"],
  ["multi_margin", "losses.nn"],
  ["bpr", "losses.nn"],
  ["info_nce", "losses.nn"],
  ["contrastive", "losses.nn"],
  ["l1_penalty", "losses.nn"],
  ["l2_penalty", "losses.nn"],
  ["accuracy", "metrics.nn"],
  ["binary_accuracy", "metrics.nn"],
  ["rmse", "metrics.nn"],
  ["r2", "metrics.nn"],
  ["perplexity", "metrics.nn"],
  ["f1", "metrics.nn"],
  ["mean_iou", "metrics.nn"],
  ["rank_of", "metrics.nn"],
  ["top_k_accuracy", "metrics.nn"],
  ["hit_rate", "metrics.nn"],
  ["ndcg", "metrics.nn"],
  ["precision", "metrics.nn"],
  ["recall", "metrics.nn"],
  ["roc_auc", "metrics.nn"],
  ["edit_distance", "metrics.nn"],
  ["batch_norm", "normalization.nn"],
  ["layer_norm", "normalization.nn"],
  ["rms_norm", "normalization.nn"],
  ["group_norm", "normalization.nn"],
  ["instance_norm", "normalization.nn"],
  ["sgd", "optimizers.nn"],
  ["momentum", "optimizers.nn"],
  ["adam", "optimizers.nn"],
  ["adamw", "optimizers.nn"],
  ["rmsprop", "optimizers.nn"],
  ["adagrad", "optimizers.nn"],
  ["adadelta", "optimizers.nn"],
  ["adamax", "optimizers.nn"],
  ["nadam", "optimizers.nn"],
  ["radam", "optimizers.nn"],
  ["lion", "optimizers.nn"],
  ["lamb", "optimizers.nn"],
  ["max_pool1d", "pooling.nn"],
  ["max_pool2d", "pooling.nn"],
  ["average_pool2d", "pooling.nn"],
  ["counted", "pooling.nn"],
  ["global_average_pool", "pooling.nn"],
  ["global_max_pool", "pooling.nn"],
  ["adaptive_average_pool2d", "pooling.nn"],
  ["adaptive_max_pool2d", "pooling.nn"],
  ["parts_of", "pooling.nn"],
  ["rnn", "recurrent.nn"],
  ["lstm", "recurrent.nn"],
  ["gru", "recurrent.nn"],
  ["reverse", "recurrent.nn"],
  ["bidirectional", "recurrent.nn"],
  ["resize1d", "resizing.nn"],
  ["resize2d", "resizing.nn"],
  ["upsample1d", "resizing.nn"],
  ["upsample2d", "resizing.nn"],
  ["pixel_shuffle", "resizing.nn"],
  ["categorical", "sampling.nn"],
  ["sample", "sampling.nn"],
  ["top_k", "sampling.nn"],
  ["nucleus", "sampling.nn"],
  ["delay", "sampling.nn"],
  ["constant", "schedules.nn"],
  ["linear", "schedules.nn"],
  ["stepwise", "schedules.nn"],
  ["exponential", "schedules.nn"],
  ["polynomial", "schedules.nn"],
  ["cosine", "schedules.nn"],
  ["warmup", "schedules.nn"],
  ["restarts", "schedules.nn"],
  ["one_cycle", "schedules.nn"],
  ["between", "schedules.nn"],
  ["inverse_sqrt", "schedules.nn"],
  ["noam", "schedules.nn"],
  ["argsort", "sorting.nn"],
  ["sort", "sorting.nn"],
  ["argtopk", "sorting.nn"],
  ["topk", "sorting.nn"],
  ["stft", "spectrum.nn"],
  ["mel_filters", "spectrum.nn"],
  ["log_mel", "spectrum.nn"],
  ["conv_transpose1d", "transposed.nn"],
  ["conv_transpose2d", "transposed.nn"],
  ["transposed", "transposed.nn"],
  ["phases", "transposed.nn"],
  ["spaced", "transposed.nn"],
]);

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
`,
  ],
  [
    "losses.nn",
    `/// -log of the probability that softmax of the scores gives the true class. With smoothing, the true class counts
/// 1 - smoothing and all classes share the rest (Szegedy et al., 2016). Takes scores, not probabilities.
layer cross_entropy(scores: [..., classes], truth: index(classes)[...], smoothing: float = 0) -> [...] {
  require 0 <= smoothing < 1, "the smoothing is a fraction below 1"
  logs = log_softmax(scores)
  if smoothing == 0 { return -pick(logs, truth) }
  return -(1 - smoothing) * pick(logs, truth) - smoothing * mean(logs, over: -1)
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

/// -logs at the true class; \`logs\` are logarithms of probabilities.
layer nll(logs: [..., classes], truth: index(classes)[...]) -> [...] { return -pick(logs, truth) }

/// exp(x) - truth·x, where \`logs\` is the logarithm of the rate guessed (Poisson regression). \`full\` adds Stirling's
/// approximation of log truth! where truth > 1.
layer poisson(logs: [...], truth: [...], full: bool = false) -> [...] {
  loss = exp(logs) - truth * logs
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

/// Binary cross-entropy that turns from what is already right: alpha_t·(1 - p_t)^gamma (Lin et al., 2017). Takes scores.
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
/// gradient. \`amsgrad\` divides by the largest mean square so far (Reddi et al., 2018).
optimizer adam(p: [...], g: [...], step: [], rate: schedule = 1e-3, beta1: float = 0.9, beta2: float = 0.999,
  epsilon: float = 1e-8, decay: float = 0, amsgrad: bool = false, lazy: bool = false) -> [...] {
  require not lazy, "moving only the rows that a batch touches is not supported by this version"
  slope = if decay > 0 { g + decay * p } else { g }
  state m: [...] = zeros()
  state v: [...] = zeros()
  update m = beta1 * m + (1 - beta1) * slope
  update v = beta2 * v + (1 - beta2) * slope * slope
  spread = v
  if amsgrad {
    state largest: [...] = zeros()
    update largest = max(largest, v)
    spread = largest
  }
  return p - rate * (m / (1 - beta1 ** (step + 1))) / (sqrt(spread / (1 - beta2 ** (step + 1))) + epsilon)
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
    "recurrent.nn",
    `/// A plain recurrent layer, h' = tanh(x·w + b₀ + h·u + b₁) (Elman, 1990), beginning with h = 0: every h, in order of time.
layer rnn(x: [batch, time, n], units: int) -> [batch, time, units] {
  param w: [n, units] = glorot_uniform()
  param u: [units, units] = orthogonal()
  param b: [2, units] = zeros()
  inputs = x @ w + (b[0] + b[1])
  scan t over time {
    carry h: [batch, units] = zeros()
    next h = tanh(inputs[:, t] + h @ u)
    collect hs: [batch, time, units] = h
  }
  return hs
}

/// Long short-term memory (Hochreiter and Schmidhuber, 1997; Gers et al., 2000): i, f, g, o = x·w + b₀ + h·u + b₁,
/// c' = σ(f)·c + σ(i)·tanh(g) and h' = σ(o)·tanh(c'), beginning with h = c = 0: every h, in order of time.
layer lstm(x: [batch, time, n], units: int) -> [batch, time, units] {
  param w: [n, 4 * units] = glorot_uniform()
  param u: [units, 4 * units] = orthogonal()
  param b: [2, 4 * units] = zeros()
  inputs = x @ w + (b[0] + b[1])
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

/// Gated recurrent unit (Cho et al., 2014), the reset gate behind the product: of x·w + b₀ and h·u + b₁ in three parts
/// each, r = σ(x₁ + h₁), z = σ(x₂ + h₂) and h' = (1 - z)·tanh(x₃ + r·h₃) + z·h, beginning with h = 0: every h, in order of time.
layer gru(x: [batch, time, n], units: int) -> [batch, time, units] {
  param w: [n, 3 * units] = glorot_uniform()
  param u: [units, 3 * units] = orthogonal()
  param b: [2, 3 * units] = zeros()
  inputs = x @ w + b[0]
  scan t over time {
    carry h: [batch, units] = zeros()
    xr, xz, xn = split(inputs[:, t], 3)
    hr, hz, hn = split(h @ u + b[1], 3)
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

/// Another schedule from its beginning after every \`each\` steps, which to it are all there are (Loshchilov and Hutter, 2017).
schedule restarts(step: [], total: [], each: int, of: schedule) -> [] {
  require each > 0, "a restart comes after at least one step"
  return of(step % each, each)
}

/// Up to \`peak\` and down again, both along a cosine (Smith and Topin, 2018).
schedule one_cycle(step: [], total: [], peak: float, rising: float = 0.3, start: float = 25, end: float = 1e4) -> [] {
  low = peak / start
  top = rising * total - 1
  up = step / top
  down = (step - top) / (total - 1 - top)
  climb = peak + (low - peak) * (1 + cos(pi * up)) / 2
  fall = low / end + (peak - low / end) * (1 + cos(pi * down)) / 2
  return where(step <= top, climb, fall)
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
  ["dense", "layers.nn"],
  ["dropout", "layers.nn"],
  ["flatten", "layers.nn"],
  ["squeeze", "layers.nn"],
  ["last", "layers.nn"],
  ["embedding", "layers.nn"],
  ["dot", "layers.nn"],
  ["clip", "layers.nn"],
  ["standardize", "layers.nn"],
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
  ["accuracy", "metrics.nn"],
  ["binary_accuracy", "metrics.nn"],
  ["rmse", "metrics.nn"],
  ["r2", "metrics.nn"],
  ["perplexity", "metrics.nn"],
  ["f1", "metrics.nn"],
  ["batch_norm", "normalization.nn"],
  ["layer_norm", "normalization.nn"],
  ["rms_norm", "normalization.nn"],
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
  ["rnn", "recurrent.nn"],
  ["lstm", "recurrent.nn"],
  ["gru", "recurrent.nn"],
  ["reverse", "recurrent.nn"],
  ["bidirectional", "recurrent.nn"],
  ["constant", "schedules.nn"],
  ["linear", "schedules.nn"],
  ["stepwise", "schedules.nn"],
  ["exponential", "schedules.nn"],
  ["polynomial", "schedules.nn"],
  ["cosine", "schedules.nn"],
  ["warmup", "schedules.nn"],
  ["restarts", "schedules.nn"],
  ["one_cycle", "schedules.nn"],
  ["inverse_sqrt", "schedules.nn"],
  ["noam", "schedules.nn"],
]);

/** Two tones heard across a shop: short and high for found, low for a problem. */
let context: AudioContext | null = null;

function tone(frequency: number, seconds: number, shape: OscillatorType): void {
  try {
    context ??= new AudioContext();
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.type = shape;
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0.15, context.currentTime);
    gain.gain.exponentialRampToValueAtTime(0.001, context.currentTime + seconds);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start();
    oscillator.stop(context.currentTime + seconds);
  } catch {
    // no sound card, or not allowed yet: the colour and the words say the same
  }
}

export const sound = {
  found: () => tone(1320, 0.12, "sine"),
  nobody: () => tone(660, 0.18, "sine"),
  problem: () => tone(160, 0.4, "square"),
};

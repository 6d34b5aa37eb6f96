"""Drawn pictures that stand for photos, each marked as simulated."""

import io
from random import Random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (640, 480)
SKY, GROUND = ((150, 190, 220), (205, 215, 225), (120, 160, 200)), ((120, 140, 80), (150, 130, 90), (90, 110, 70))


def drawn(random: Random, *, blurred: bool = False) -> bytes:
    """A yard under a sky, with houses, trees and things lying about; JPEG without EXIF."""
    image = Image.new("RGB", SIZE, random.choice(SKY))
    draw = ImageDraw.Draw(image)
    horizon = random.randint(180, 300)
    draw.rectangle((0, horizon, *SIZE), fill=random.choice(GROUND))
    for _ in range(random.randint(2, 5)):
        _house(draw, random, horizon)
    for _ in range(random.randint(10, 40)):
        _thing(draw, random, horizon)
    draw.text((12, SIZE[1] - 24), "SIMULATED", fill=(255, 255, 255))
    kept = io.BytesIO()
    (image.filter(ImageFilter.GaussianBlur(6)) if blurred else image).save(kept, "JPEG", quality=70)
    return kept.getvalue()


def _house(draw: ImageDraw.ImageDraw, random: Random, horizon: int) -> None:
    left, width, height = random.randint(-40, 560), random.randint(80, 200), random.randint(60, 150)
    wall = tuple(random.randint(140, 240) for _ in range(3))
    draw.rectangle((left, horizon - height, left + width, horizon + 20), fill=wall, outline=(60, 60, 60))
    roof = (
        (left - 12, horizon - height),
        (left + width // 2, horizon - height - 40),
        (left + width + 12, horizon - height),
    )
    draw.polygon(roof, fill=(random.randint(90, 160), 60, 50))


def _thing(draw: ImageDraw.ImageDraw, random: Random, horizon: int) -> None:
    x, y, size = random.randint(0, 620), random.randint(horizon, 470), random.randint(4, 40)
    colour = tuple(random.randint(20, 235) for _ in range(3))
    shape = draw.ellipse if random.random() < 0.5 else draw.rectangle
    shape((x, y, x + size, y + size), fill=colour, outline=(30, 30, 30))

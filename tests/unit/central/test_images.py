"""What is cut from a picture: the box as it is, nothing else that could be recognised."""

import cv2
import numpy as np

from gcs.model.alert import Box
from gcs.sim.central_images import PORTRAIT_PX, Picture, draw, edges, pixelated
from tests.support.pictures import HEIGHT, WIDTH, Person, picture, portrait

WHO = Person("p1", Box(0.4, 0.4, 0.05, 0.2), looks=120)


def decoded(data: bytes) -> Picture:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return image.astype(np.uint8)


def test_all_but_the_box_is_pixelated() -> None:
    image = picture(WHO)
    before = image.copy()
    still = pixelated(image, WHO.box)
    left, top, right, bottom = edges(image, WHO.box)
    assert np.array_equal(still[top:bottom, left:right], image[top:bottom, left:right])
    assert np.array_equal(image, before)
    outside = np.ones((HEIGHT, WIDTH), bool)
    outside[top:bottom, left:right] = False
    colours = np.unique(still[outside].reshape(-1, 3), axis=0)
    assert len(colours) <= (WIDTH // 16) * (HEIGHT // 16)
    assert still.shape == image.shape


def test_the_images_are_what_they_say() -> None:
    images = draw(picture(WHO), WHO.box, None, 90, portrait)
    assert images.probe.startswith(b"\x89PNG")
    assert images.still[:3] == images.candidate[:3] == b"\xff\xd8\xff"
    probe, still, face = map(decoded, (images.probe, images.still, images.candidate))
    assert probe.shape[:2] == (72, 32)
    assert tuple(probe[36, 16]) == (120, 60, 200)
    assert still.shape[:2] == (HEIGHT, WIDTH)
    assert face.shape[:2] == (PORTRAIT_PX[1], PORTRAIT_PX[0])
    assert abs(int(face.mean()) - 90) <= 2


def test_a_large_face_is_the_probe_and_its_size_is_told() -> None:
    face = Box(0.415, 0.4, 0.02, 0.08)
    images = draw(picture(WHO), WHO.box, face, 90, portrait)
    assert round(images.face_px, 1) == 28.8
    assert decoded(images.probe).shape[0] < 72
    small = draw(picture(WHO), WHO.box, Box(0.415, 0.4, 0.01, 0.04), 90, portrait)
    assert decoded(small.probe).shape[:2] == (72, 32)
    guessed = draw(picture(WHO), WHO.box, None, 90, portrait)
    assert 8.0 < guessed.face_px < 12.0


def test_a_blurred_probe_says_so() -> None:
    sharp = picture(WHO)
    soft = cv2.GaussianBlur(sharp, (0, 0), 6.0).astype(np.uint8)
    box = Box(0.1, 0.1, 0.1, 0.3)
    clear, dim = (draw(p, box, None, 90, portrait).blur for p in (sharp, soft))
    assert 0.0 <= clear < 0.2 < 0.5 < dim <= 1.0


def test_a_person_at_the_edge_of_the_picture() -> None:
    corner = Box(0.0, 0.8, 0.05, 0.2)
    images = draw(picture(), corner, None, 90, portrait)
    left, top, right, bottom = edges(picture(), corner)
    assert (left, bottom) == (0, HEIGHT)
    assert decoded(images.probe).shape[0] >= bottom - top
    assert decoded(images.probe).shape[1] >= right - left

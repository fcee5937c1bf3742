"""Newton's step of one subject, number by number, for kernels: small symmetric matrices and their eigenvalues.

Knows the step of `inotrope.estimation.newton`: no eigenvalue counts less than a floor, and downhill where the objective
curves down. Where all eigenvalues are above the floor, which is the rule, it needs none of them. Loads Numba.
"""

from __future__ import annotations

import math

from inotrope.kinetics.many.machine import Floats, called

MOST_SWEEPS = 50
"""Of Jacobi's rotations; six are the rule."""
STILL_TURNED = 1e-15
"""Relative to the diagonal: an element outside of it that is smaller is 0."""


@called
def root_of_matrix(count: int, matrix: Floats, less: float, lower: Floats) -> bool:
    """Write the lower root of a matrix less a multiple of the unit matrix; tell whether there is one."""
    for row in range(count):
        for column in range(row + 1):
            total = matrix[row, column]
            if row == column:
                total -= less
            for before in range(column):
                total -= lower[row, before] * lower[column, before]
            if row == column:
                if not total > 0.0:
                    return False
                lower[row, row] = math.sqrt(total)
            else:
                lower[row, column] = total / lower[column, column]
    return True


@called
def turn_to_axes(count: int, matrix: Floats, vectors: Floats) -> None:
    """Make a symmetric matrix diagonal by Jacobi's rotations, and write the eigenvectors as columns.

    Source: Golub and Van Loan, Matrix Computations, 4th edition, section 8.5.
    """
    for row in range(count):
        for column in range(count):
            vectors[row, column] = 1.0 if row == column else 0.0
    for _ in range(MOST_SWEEPS):
        turned = False
        for one in range(count - 1):
            for other in range(one + 1, count):
                off = matrix[one, other]
                if abs(off) <= STILL_TURNED * math.sqrt(abs(matrix[one, one] * matrix[other, other])):
                    continue
                turned = True
                slope = (matrix[other, other] - matrix[one, one]) / (2.0 * off)
                tangent = (1.0 if slope >= 0.0 else -1.0) / (abs(slope) + math.sqrt(slope * slope + 1.0))
                cosine = 1.0 / math.sqrt(tangent * tangent + 1.0)
                sine = tangent * cosine
                for row in range(count):
                    left, right = matrix[row, one], matrix[row, other]
                    matrix[row, one], matrix[row, other] = cosine * left - sine * right, sine * left + cosine * right
                for row in range(count):
                    left, right = matrix[one, row], matrix[other, row]
                    matrix[one, row], matrix[other, row] = cosine * left - sine * right, sine * left + cosine * right
                    left, right = vectors[row, one], vectors[row, other]
                    vectors[row, one], vectors[row, other] = cosine * left - sine * right, sine * left + cosine * right
        if not turned:
            return


@called
def newton_step(
    count: int, gradient: Floats, hessian: Floats, floor: float, lower: Floats, vectors: Floats, step: Floats
) -> None:
    """Write -V |L|^-1 V' g for the Hessian V L V', no |L| below the floor; `hessian` may be used up."""
    if root_of_matrix(count, hessian, floor, lower):
        root_of_matrix(count, hessian, 0.0, lower)
        for row in range(count):
            total = -gradient[row]
            for column in range(row):
                total -= lower[row, column] * step[column]
            step[row] = total / lower[row, row]
        for row in range(count - 1, -1, -1):
            total = step[row]
            for below in range(row + 1, count):
                total -= lower[below, row] * step[below]
            step[row] = total / lower[row, row]
        return
    turn_to_axes(count, hessian, vectors)
    for row in range(count):
        step[row] = 0.0
    for axis in range(count):
        along = 0.0
        for row in range(count):
            along -= vectors[row, axis] * gradient[row]
        along /= max(abs(hessian[axis, axis]), floor)
        for row in range(count):
            step[row] += vectors[row, axis] * along

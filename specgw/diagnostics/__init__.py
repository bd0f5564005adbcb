"""Every finding of the compiler: the catalogue of its kinds, and how findings are collected and put in order."""

from specgw.diagnostics.codes import CATALOGUE, CODES, Code, Severity
from specgw.diagnostics.findings import Diagnostic, FilePlace, Findings, Place, closest, did_you_mean

__all__ = ["CATALOGUE", "CODES", "Code", "Diagnostic", "FilePlace", "Findings", "Place", "Severity", "closest", "did_you_mean"]

"""Model files: conversion, quantization, reading and writing."""

# encoding: utf-8
"""
Übung 4 – mit globalen Variablen (weil wir Klassen noch nicht hatten)
"""
from numpy import *
import numpy as np

merke = None
zaehler = 0

def affine_forward(x, w, b):
	global merke, zaehler
	zaehler += 1
	merke = (x.copy(), w.copy())
	return dot(x.reshape(len(x), -1), w) + b, None

def affine_backward(dout, cache):
	x, w = merke
	dx = dot(dout, w.T).reshape(x.shape)
	dw = dot(x.reshape(len(x), -1).T, dout)
	db = sum(dout, axis=0)
	return dx, dw, db

def relu_forward(x):
	global merke
	merke = maximum(x, 0)
	return merke, None

def relu_backward(dout, cache):
	return where(merke > 0, dout, 0)

def gate_forward(a, z):
	global merke
	merke = dict(s=1 / (1 + exp(-a)), t=tanh(z))
	return merke["s"] * merke["t"], None

def gate_backward(dout, cache):
	s, t = merke["s"], merke["t"]
	return dout * t * s * (1 - s), dout * s * (1 - t ** 2)

def residual_forward(x, w):
	global merke
	h = dot(x, w)
	merke = x, w, h
	return x + maximum(h, 0), None

def residual_backward(dout, cache):
	x, w, h = merke
	dh = dout * (h > 0)
	return dout + dot(dh, w.T), dot(x.T, dh)

def embedding_forward(words, table):
	global merke
	merke = words, table.shape
	return array([[table[k] for k in satz] for satz in words]), None

def embedding_backward(dout, cache):
	words, shape = merke
	d = zeros(shape)
	for k in range(shape[0]):
		d[k] = sum(dout[words == k], axis=0)
	return d

print(zaehler, "Aufrufe")

Option Explicit
Option Private Module

' Sends the values of cells to a Python process and gives cells what it answers.
' Python's end is xlalvh.hosts.excel.server, where the form of the answers is described.

Private Const PYTHON_MODULE As String = "xlalvh.hosts.excel.server"
Private Const STARTER As String = "AlvhStart"
Private Const ERROR_VALUE As Long = 2015
Private Const ERROR_NA As Long = 2042
Private Const NEVER_START As Long = 0
Private Const START As Long = 1
Private Const PAUSE As Double = 10 / 86400 ' between two starts, in days

Private server As Object
Private loaded As Boolean
Private failedToStart As Boolean
Private askedInVain As Boolean
Private scheduledFor As Double ' 0: not scheduled
Private startedAt As Double

' The answer to a formula: a value, an array, or an error.
Public Function AlvhCall(ByVal formula As String, ByVal given As Variant) As Variant
    Dim values() As Variant, i As Long
    If InWizard() Then Exit Function
    On Error GoTo unreadable
    ReDim values(0 To UBound(given) + 2)
    values(0) = formula
    values(1) = CountsFrom1904()
    For i = 0 To UBound(given)
        If IsObject(given(i)) Then
            If given(i).Areas.Count <> 1 Then
                AlvhCall = CVErr(ERROR_VALUE)
                Exit Function
            End If
            values(i + 2) = ValuesOf(given(i))
        ElseIf Not IsMissing(given(i)) Then
            values(i + 2) = given(i)
        End If
    Next i
    AlvhCall = AlvhAsk(PYTHON_MODULE, "answer", values)
    Exit Function
unreadable:
    AlvhCall = CVErr(ERROR_VALUE)
End Function

' Why a cell fails: its formula goes with the values of what the formula refers to.
Public Function AlvhExplain(ByVal name As String, ByVal given As Variant) As Variant
    Dim cell As Object, found As Variant, texts As Variant, values() As Variant, i As Long
    If InWizard() Then Exit Function
    On Error GoTo unreadable
    If Not IsObject(given(0)) Then
        AlvhExplain = AlvhCall(name, given)
        Exit Function
    End If
    If given(0).Areas.Count <> 1 Or given(0).Rows.Count <> 1 Or given(0).Columns.Count <> 1 Then
        AlvhExplain = CVErr(ERROR_VALUE)
        Exit Function
    End If
    Set cell = given(0)
    found = AlvhAsk(PYTHON_MODULE, "references", Array(cell.Formula))
    If IsError(found) Then
        AlvhExplain = found
        Exit Function
    End If
    texts = Split(found, vbLf)
    ReDim values(0 To UBound(texts) + 2)
    values(0) = cell.Formula
    values(1) = CountsFrom1904()
    For i = 0 To UBound(texts)
        values(i + 2) = ValueOfReference(cell.Worksheet, texts(i))
    Next i
    AlvhExplain = AlvhAsk(PYTHON_MODULE, "explain", values)
    Exit Function
unreadable:
    AlvhExplain = CVErr(ERROR_VALUE)
End Function

' Start the process, or find the one that runs, and let the cells that asked in vain ask again.
Public Sub AlvhConnect()
    Dim again As Boolean
    scheduledFor = 0
    again = askedInVain
    startedAt = Now
    loaded = AlvhLoadLibrary(AlvhHome())
    failedToStart = True
    If loaded Then failedToStart = Not Connected(START)
    If failedToStart Then Exit Sub
    askedInVain = False
    AlvhRecalculate again
End Sub

' Have the process started as soon as Excel is ready, and not sooner after the last start than the pause.
Public Sub AlvhSchedule()
    If scheduledFor > 0 Then Exit Sub
    scheduledFor = Now
    If startedAt > 0 And scheduledFor < startedAt + PAUSE Then scheduledFor = startedAt + PAUSE
    AlvhAt scheduledFor, STARTER, True
End Sub

' Take the scheduled start back: a book that closes would be opened for it.
Public Sub AlvhUnschedule()
    If scheduledFor > 0 Then AlvhAt scheduledFor, STARTER, False
    scheduledFor = 0
End Sub

' Have the clock call a macro of this file, or take that back.
Public Sub AlvhAt(ByVal moment As Double, ByVal macro As String, ByVal wanted As Boolean)
    On Error GoTo over ' the moment to be taken back may have come
    If wanted Then
        Application.OnTime CDate(moment), AlvhMacro(macro)
    Else
        Application.OnTime CDate(moment), AlvhMacro(macro), , False
    End If
over:
End Sub

' How Excel finds a macro of this file, whatever book is in front.
Public Function AlvhMacro(ByVal name As String) As String
    AlvhMacro = "'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & name
End Function

' A cell cannot schedule anything; what follows its calculation can.
Public Sub AlvhAfterCalculation()
    If askedInVain And Not failedToStart Then AlvhSchedule
End Sub

' Whether a process answers.
Public Function AlvhRuns() As Boolean
    AlvhRuns = Not server Is Nothing
End Function

' What a function of a Python module answers. A call that hangs ends the process after half a minute: the error is #N/A.
Public Function AlvhAsk(ByVal place As String, ByVal question As String, ByVal values As Variant) As Variant
    On Error GoTo failed
    If Not Connected(NEVER_START) Then
        askedInVain = True
        AlvhAsk = CVErr(ERROR_NA)
        Exit Function
    End If
    AlvhAsk = WithErrors(server.CallUDF(place, question, (values)))
    Exit Function
failed:
    ' Python answers everything it gets, so it is gone (0x800706BA) or was ended because it hung.
    Set server = Nothing
    askedInVain = True
    AlvhAsk = CVErr(ERROR_NA)
End Function

Private Function Connected(ByVal mode As Long) As Boolean
    Dim found As Variant
    If server Is Nothing And loaded Then
        If XLPyDLLActivateAuto(found, ServerCommand(), mode) = 0 Then
            If IsObject(found) Then Set server = found
        End If
    End If
    Connected = Not server Is Nothing
End Function

' One command for every book, so that they share one process.
Private Function ServerCommand() As String
    Dim quote As String
    quote = Chr$(34)
    ServerCommand = quote & AlvhHome() & "\Scripts\pythonw.exe" & quote & " -I -c " & quote & _
        "from xlalvh.hosts.excel.process import serve; serve('$(CLSID)')" & quote
End Function

' Value2 of an area. Whole columns and rows end with the used range.
Private Function ValuesOf(ByVal area As Object) As Variant
    Dim sheet As Object, rows As Long, columns As Long
    Set sheet = area.Worksheet
    rows = area.Rows.Count
    columns = area.Columns.Count
    If rows = sheet.Rows.Count Then rows = sheet.UsedRange.Row + sheet.UsedRange.Rows.Count - 1
    If columns = sheet.Columns.Count Then columns = sheet.UsedRange.Column + sheet.UsedRange.Columns.Count - 1
    If rows = area.Rows.Count And columns = area.Columns.Count Then
        ValuesOf = area.Value2
    Else
        ValuesOf = area.Resize(rows, columns).Value2
    End If
End Function

Private Function ValueOfReference(ByVal sheet As Object, ByVal text As String) As Variant
    Dim found As Variant
    If TypeName(sheet.Evaluate(text)) = "Range" Then
        Set found = sheet.Evaluate(text)
        If found.Areas.Count <> 1 Then
            ValueOfReference = CVErr(ERROR_VALUE)
        Else
            ValueOfReference = ValuesOf(found)
        End If
    Else
        ValueOfReference = sheet.Evaluate(text)
    End If
End Function

Private Function WithErrors(ByVal answer As Variant) As Variant
    Dim result() As Variant, rows As Long, columns As Long, first As Long, i As Long
    If Not IsArray(answer) Then
        WithErrors = WithError(answer)
        Exit Function
    End If
    If Not HoldsErrors(answer) Then
        WithErrors = answer
        Exit Function
    End If
    first = LBound(answer) + 3
    rows = answer(first - 2)
    columns = answer(first - 1)
    ReDim result(1 To rows, 1 To columns)
    For i = 0 To rows * columns - 1
        result(i \ columns + 1, i Mod columns + 1) = WithError(answer(first + i))
    Next i
    WithErrors = result
End Function

Private Function WithError(ByVal value As Variant) As Variant
    WithError = value
    If VarType(value) = vbString Then
        If Left$(value, 1) = Chr$(1) Then WithError = CVErr(CLng(Mid$(value, 2)))
    End If
End Function

' Whether an array is flat and begins with the mark.
Private Function HoldsErrors(ByVal answer As Variant) As Boolean
    Dim columns As Long
    On Error GoTo flat
    columns = UBound(answer, 2)
    Exit Function
flat:
    If VarType(answer(LBound(answer))) = vbString Then HoldsErrors = (answer(LBound(answer)) = Chr$(1))
End Function

Private Function CountsFrom1904() As Boolean
    If TypeName(Application.Caller) = "Range" Then CountsFrom1904 = AlvhCountsFrom1904(Application.Caller.Worksheet.Parent)
End Function

' The function wizard disables the first control of the toolbar.
Private Function InWizard() As Boolean
    On Error GoTo none
    InWizard = Not Application.CommandBars("Standard").Controls(1).Enabled
none:
End Function

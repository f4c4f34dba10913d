"""The part QuestionSet: questions that several interviews use."""
